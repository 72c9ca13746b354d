# SPDX-License-Identifier: GPL-2.0-or-later

# PXEFS_LIBRARY(PREFIX, MODULE [>= VERSION], DEBIAN-PACKAGE)
# One library through pkg-config. What is missing is collected, so that PXEFS_LIBRARIES_CHECK names all of it
# at once, with the command that installs it.
AC_DEFUN([PXEFS_LIBRARY], [
	PKG_CHECK_MODULES([$1], [$2], [], [
		pxefs_missing="$pxefs_missing
  $2 (Debian package $3): $$1[]_PKG_ERRORS"
		pxefs_packages="$pxefs_packages $3"
	])
])

AC_DEFUN([PXEFS_LIBRARIES_CHECK], [
	AS_IF([test -n "$pxefs_missing"], [
		AC_MSG_ERROR([these libraries are missing or too old:$pxefs_missing
On Debian they come with: apt-get install$pxefs_packages])
	])
])

# PXEFS_LINK_FLAGS(VARIABLE, FLAGS, ERROR, [PROGRAM = a main()])
# Sets VARIABLE to FLAGS when the compiler makes a program of PROGRAM with them; stops with ERROR otherwise.
AC_DEFUN([PXEFS_LINK_FLAGS], [
	AC_MSG_CHECKING([whether $CC takes $2])
	pxefs_saved=$CFLAGS
	CFLAGS="$CFLAGS $2"
	AC_LINK_IFELSE([AC_LANG_SOURCE(m4_default([$4], [int main(void) { return 0; }]))], [AC_MSG_RESULT([yes])], [
		AC_MSG_RESULT([no])
		AC_MSG_ERROR([$3])
	])
	CFLAGS=$pxefs_saved
	$1="$2"
])
