/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <unistd.h>

#include "elfmap.h"
#include "transaction.h"

void transaction_begin(struct transaction *transaction)
{
	static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM };
	sigset_t signals;
	size_t i;

	if (transaction->begun)
		return;
	sigemptyset(&signals);
	for (i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		sigaddset(&signals, ending[i]);
	/* the wait for others may be ended by a signal */
	transaction->lock = elfmap_lock_pins(NULL);
	if (transaction->lock < 0)
		transaction->lock = 0;
	sigprocmask(SIG_BLOCK, &signals, &transaction->signals);
	transaction->begun = true;
}

void cleanup_transaction(struct transaction *transaction)
{
	if (!transaction->begun)
		return;
	if (transaction->lock)
		close(transaction->lock);
	sigprocmask(SIG_SETMASK, &transaction->signals, NULL);
}
