/* version.c - which zlib is loaded. */
#include "io/version.h"

#include <zlib.h>

const char *
om_zlib_version(void)
{
	return zlibVersion();
}
