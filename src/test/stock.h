/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Stock tc and ip beside elfmap's: what both show must be the same. Every call ends the test where
 * it fails.
 */
#ifndef ELFMAP_TEST_STOCK_H
#define ELFMAP_TEST_STOCK_H

/* Skip the test where this command is not installed. */
void require_stock(const char *command);

/* The output of elfmap COMMAND OPTION WORDS is that of COMMAND OPTION WORDS: the text, and as JSON. */
void assert_same_text(const char *command, const char *option, const char *words);
void assert_same_json(const char *command, const char *option, const char *words);

#endif
