/*
 * version.h - which libfyaml is loaded, for `ordmill version`.
 */
#ifndef OM_TEXT_VERSION_H
#define OM_TEXT_VERSION_H

const char *om_libfyaml_version(void); /* "0.7.12" */

#endif
