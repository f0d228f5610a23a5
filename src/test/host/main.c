// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include "test/host/open.h"

int main(int argc, char **argv)
{
	return host_main(argc, argv);
}
