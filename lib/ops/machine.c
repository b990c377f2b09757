/* machine.c - ask the system what it is; see machine.h. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "ops/machine.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/attr.h"

#define MOUNTS "/proc/self/mountinfo"
#define OCTALS 3

static void
end_file(FILE **f)
{
	if (*f != NULL)
		fclose(*f);
}

static void
end_text(char **text)
{
	free(*text);
}

static bool
is_octal(const char *s)
{
	for (int i = 0; i < OCTALS; i++)
		if (s[i] < '0' || s[i] > '7')
			return false;
	return true;
}

/* Blanks and backslashes of a mount point are written as "\040". */
static void
unescape(char *text)
{
	char *to = text;

	for (const char *s = text; *s != '\0'; s++)
		if (*s == '\\' && is_octal(s + 1)) {
			*to++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 |
				       (s[3] - '0'));
			s += OCTALS;
		} else {
			*to++ = *s;
		}
	*to = '\0';
}

static bool
is_below(const char *path, const char *mount)
{
	size_t n = strlen(mount);

	if (strcmp(mount, "/") == 0)
		return *path == '/';
	return strncmp(path, mount, n) == 0 &&
	       (path[n] == '\0' || path[n] == '/');
}

/* "36 35 98:0 /root /mount/point options ... - TYPE source options": cut both
 * out of the line. */
static bool
split(char *line, char **out_mount, char **out_type)
{
	char *rest = line;
	char *type = strstr(line, " - ");
	char *mount = NULL;

	if (type == NULL)
		return false;
	*type = '\0';
	type += strlen(" - ");
	type[strcspn(type, " \n")] = '\0';
	for (int field = 0; field < 5; field++) {
		mount = strtok_r(rest, " ", &rest);
		if (mount == NULL)
			return false;
	}
	unescape(mount);
	*out_mount = mount;
	*out_type = type;
	return true;
}

bool
om_mount_type(FILE *mounts, const char *path, char out[OM_MOUNT_TYPE_MAX])
{
	OM_AUTO(end_text) char *line = NULL;
	size_t room = 0;
	size_t longest = 0;
	char *mount;
	char *type;

	while (getline(&line, &room, mounts) > 0)
		if (split(line, &mount, &type) && is_below(path, mount) &&
		    strlen(mount) >= longest) {
			longest = strlen(mount);
			snprintf(out, OM_MOUNT_TYPE_MAX, "%s", type);
		}
	return longest > 0;
}

static void
read_file_system(const char *dir, struct om_machine *out)
{
	OM_AUTO(end_text) char *path = realpath(dir, NULL);
	OM_AUTO(end_file) FILE *mounts = fopen(MOUNTS, "r");

	if (path == NULL || mounts == NULL ||
	    !om_mount_type(mounts, path, out->file_system))
		return;
	out->in_memory = strcmp(out->file_system, "tmpfs") == 0 ||
			 strcmp(out->file_system, "ramfs") == 0;
}

void
om_machine_read(const char *dir, struct om_machine *out)
{
	struct utsname name;
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	long pages = sysconf(_SC_PHYS_PAGES);
	long page = sysconf(_SC_PAGESIZE);

	*out = (struct om_machine){ .system = "unknown",
		.file_system = "unknown" };
	if (uname(&name) == 0)
		snprintf(out->system, sizeof(out->system), "%.40s %.40s %.40s",
		    name.sysname, name.release, name.machine);
	if (processors > 0)
		out->processors = processors;
	if (pages > 0 && page > 0)
		out->memory_bytes = (int64_t)pages * page;
	read_file_system(dir, out);
}
