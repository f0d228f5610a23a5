/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A program that knows libbpf and nothing of elfmap: opens objects as it is told to, and prints what
 * libbpf says of them.
 *
 *   open [OPTIONS] FILE
 *     -o  by bpf_object__open()        -m  from memory
 *     -s  as a skeleton                -l  load it, and print the slots that are filled
 *     -r DIR   pin_root_path           -n NAME  object_name
 *     -t TYPE  of all programs, a number
 *     -x PROGRAM  is not loaded        -p MAP  is pinned nowhere
 */
#ifndef ELFMAP_TEST_HOST_OPEN_H
#define ELFMAP_TEST_HOST_OPEN_H

/* Exit status 1 and "failed: ERRNO" where a call fails. */
__attribute__((visibility("default"))) int host_main(int argc, char **argv);

#endif
