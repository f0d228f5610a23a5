/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The time between a load and the moment when it is for good or taken back. Until then no other
 * elfmap looks for pins on that bpffs, as those it found might go; and a signal that would end the
 * tool waits, as nobody would take back.
 */
#ifndef ELFMAP_CLI_TRANSACTION_H
#define ELFMAP_CLI_TRANSACTION_H

#include <signal.h>
#include <stdbool.h>

/* All zero is none. */
struct transaction {
	bool begun;
	int lock; /* from elfmap_lock_pins(), 0 where there is no bpffs to lock */
	sigset_t signals;
};

/* Begin it; nothing if it has begun. */
void transaction_begin(struct transaction *transaction);
void cleanup_transaction(struct transaction *transaction);

#endif
