/*
 * version.h - which engines are loaded, for `ordmill version`.
 */
#ifndef OM_DB_VERSION_H
#define OM_DB_VERSION_H

const char *om_sqlite_version(void); /* "3.40.1" */
int om_libpq_version(void);	     /* 150010 is 15.10 */

#endif
