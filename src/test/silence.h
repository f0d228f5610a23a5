/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The library writes nothing to the standard streams by itself.
 */
#ifndef ELFMAP_TEST_SILENCE_H
#define ELFMAP_TEST_SILENCE_H

/* What the streams were before. */
struct silence {
	int streams, out, err;
};

/* Take the log callback away, libbpf's as well, and catch what is written from now on. */
struct silence begin_silence(void);
/* Give the streams back; ends the test if anything was written. */
void end_silence(struct silence silence);

#endif
