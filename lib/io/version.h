/*
 * version.h - which zlib is loaded, for `ordmill version`.
 */
#ifndef OM_IO_VERSION_H
#define OM_IO_VERSION_H

const char *om_zlib_version(void); /* "1.2.13" */

#endif
