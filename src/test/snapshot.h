/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Everything outside a process that a load or an attachment may change, as text to compare.
 */
#ifndef ELFMAP_TEST_SNAPSHOT_H
#define ELFMAP_TEST_SNAPSHOT_H

/*
 * What is below BPFFS, with the id of what is pinned and with what slots hold, the bpffs mounts,
 * qdiscs, filters and XDP programs of veth0 and veth1, and the files of the scratch directory. For
 * free().
 */
char *snapshot(void);
/* End the test unless all is as it was then; frees it. */
void assert_unchanged(char *before);

/* Only the maps that are pinned, each line a path and an id. For free(). */
char *pinned_maps(void);

#endif
