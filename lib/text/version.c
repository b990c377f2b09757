/* version.c - which libfyaml is loaded. */
#include "text/version.h"

#include <libfyaml.h>

const char *
om_libfyaml_version(void)
{
	return fy_library_version();
}
