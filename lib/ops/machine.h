/*
 * machine.h - what a measurement was made on.
 */
#ifndef OM_OPS_MACHINE_H
#define OM_OPS_MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define OM_MACHINE_TEXT_MAX 128
#define OM_MOUNT_TYPE_MAX   32

struct om_machine {
	char system[OM_MACHINE_TEXT_MAX]; /* "Linux 6.1.0-18-amd64 x86_64" */
	int64_t processors;		  /* that are on line */
	int64_t memory_bytes;
	char file_system[OM_MOUNT_TYPE_MAX]; /* that dir is on: "ext4" */
	bool in_memory;			     /* nothing of it is on a disk */
};

/* What the system does not tell is 0, or "unknown". */
void om_machine_read(const char *dir, struct om_machine *out);

/* The type of the file system that holds an absolute path, from a table of
 * mounts as in /proc/self/mountinfo, proc(5): the last of those with the
 * longest mount point. False if the table does not say. */
bool om_mount_type(FILE *mounts, const char *path, char out[OM_MOUNT_TYPE_MAX]);

#endif
