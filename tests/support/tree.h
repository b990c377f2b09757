/* tree.h - a directory of a test's own, gone with all that is in it. */
#ifndef OM_TEST_TREE_H
#define OM_TEST_TREE_H

void tree_remove(const char *path);

#endif
