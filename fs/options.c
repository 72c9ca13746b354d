/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <ctype.h>
#include <getopt.h>
#include <limits.h>
#include <sys/stat.h>

#include "menu.h"
#include "options.h"

#ifndef PXEFS_STATEDIR
#define PXEFS_STATEDIR "/var/lib/pxefs"
#endif

enum options_kind { OPTION_TEXT, OPTION_OPTIONAL, OPTION_PATH, OPTION_SECONDS, OPTION_FLAG };

/* Our own -o options. The help text and pxefs(8) list them in this order; a test compares them. */
static const struct {
	const char *name;
	enum options_kind kind;
	size_t offset;
	const char *argument, *help;
} options_table[] = {
	{"server", OPTION_TEXT, offsetof(struct options, server), "=ADDR",
	 "this server's address as clients reach it"},
	{"nfs", OPTION_TEXT, offsetof(struct options, nfs), "=PATH", "the tree's path as clients mount it"},
	{"http", OPTION_OPTIONAL, offsetof(struct options, http), "[=URL]",
	 "kernels and initrds come over HTTP"},
	{"loader", OPTION_PATH, offsetof(struct options, loader), "=DIR",
	 "GRUB images and modules for boot/grub/"},
	{"state", OPTION_PATH, offsetof(struct options, state), "=DIR",
	 "where indexes are kept; empty for nowhere"},
	{"timeout", OPTION_SECONDS, offsetof(struct options, timeout), "=SECONDS",
	 "how long kernels may cache what never changes"},
	{"grace", OPTION_SECONDS, offsetof(struct options, grace), "=SECONDS",
	 "how long a withdrawn ISO stays readable"},
	{"poll", OPTION_SECONDS, offsetof(struct options, poll), "=SECONDS",
	 "how often to look where no event comes"},
	{"menu-timeout", OPTION_SECONDS, offsetof(struct options, menu_timeout), "=SECONDS",
	 "how long the main menu waits for its default"},
	{"menu-default", OPTION_TEXT, offsetof(struct options, menu_default), "=NAME",
	 "an image's name in the tree, or local"},
	{"symfollow", OPTION_FLAG, offsetof(struct options, symfollow), "",
	 "let this server follow links in the tree"},
};

/* mount(8)'s and FUSE's own, accepted and without effect: the mount is read-only, nodev and nosuid whatever
 * they say (optmap.c of libmount; mount.fuse3 adds "dev,suid" by itself). */
static const char *const options_ignored[] = {
	"rw",	       "ro",	      "dev",
	"nodev",       "suid",	      "nosuid",
	"exec",	       "noexec",      "atime",
	"noatime",     "relatime",    "norelatime",
	"strictatime", "diratime",    "nodiratime",
	"sync",	       "async",	      "dirsync",
	"nofail",      "_netdev",     "user",
	"nouser",      "users",	      "nousers",
	"owner",       "noowner",     "group",
	"nogroup",     "auto",	      "noauto",
	"defaults",    "allow_other", "default_permissions",
	"mand",	       "nomand",      "nostrictatime",
	"lazytime",    "nolazytime",  "silent",
	"loud",	       "iversion",    "noiversion",
	"nosymfollow",
};
static const char *const options_ignored_values[] = {
	"x-", "X-", "comment=", "fsname=", "subtype=", "user=", "max_read="};
static const char *const options_context[] = {"context=", "fscontext=", "defcontext=", "rootcontext="};

void options_help(FILE *f)
{
	fputs("Usage: pxefs [options] WATCHDIR MOUNTPOINT\n"
	      "       pxefs --list WATCHDIR | --dump WATCHDIR | --explain FILE.iso\n"
	      "\n"
	      "Show every ISO of a folder as a boot tree for PXE clients, without a copy.\n"
	      "\n"
	      "      --list               what would be served, and what is rejected and why\n"
	      "      --dump               the whole virtual tree and where its bytes are\n"
	      "      --explain            one ISO: family, boot entries, menu, how and why\n"
	      "  -f                       stay in the foreground, log to stderr\n"
	      "  -d                       the same, with debug messages\n"
	      "  -s                       one thread\n"
	      "  -h, --help               this text\n"
	      "  -V, --version            the version\n",
	      f);
	for (size_t i = 0; i < ARRAY_SIZE(options_table); i++) {
		char left[32];

		snprintf(left, sizeof(left), "-o %s%s", options_table[i].name, options_table[i].argument);
		fprintf(f, "  %-23s  %s\n", left, options_table[i].help);
	}
	fputs("\nmount(8)'s own options are accepted; none makes the tree writable. See pxefs(8).\n", f);
}

static int options_seconds(const char *name, const char *value, unsigned *out, struct reason *why)
{
	unsigned long n;
	char *end;

	errno = 0;
	n = strtoul(value, &end, 10);
	if (!isdigit((unsigned char)value[0]) || *end || errno || n > INT_MAX)
		return reason_set(why, -EINVAL, "-o %s wants a number of seconds, not \"%s\"", name, value);
	*out = (unsigned)n;
	return 0;
}

/* Splits what does not exist off the end of path, which is absolute: the part that does, resolved, is put
 * into *real, and *rest is what follows it in path. */
static int options_existing(const char *path, char **real, const char **rest)
{
	cleanup_free char *copy = strdup(path);
	size_t n = strlen(path);

	if (!copy)
		return -ENOMEM;
	for (;;) {
		copy[n] = 0;
		*real = realpath(n ? copy : "/", NULL);
		*rest = path + n;
		if (*real)
			return 0;
		if (errno == ENOMEM || !n)
			return -ENOMEM;
		while (n && copy[n - 1] == '/')
			n--;
		while (n && copy[n - 1] != '/')
			n--;
	}
}

/* An absolute form of path, resolved as far as it exists; "." and ".." of what does not go by their names. */
static int options_absolute(const char *path, char **out)
{
	cleanup_free char *joined = NULL, *real = NULL, *cwd = path[0] == '/' ? strdup("") : getcwd(NULL, 0);
	const char *rest;
	char *whole, *end;
	int r;

	if (!cwd || asprintf(&joined, "%s/%s", cwd, path) < 0) {
		joined = NULL;
		return -ENOMEM;
	}
	r = options_existing(joined, &real, &rest);
	if (r)
		return r;
	whole = malloc(strlen(real) + strlen(rest) + 2);
	if (!whole)
		return -ENOMEM;
	end = stpcpy(whole, strcmp(real, "/") ? real : "");
	while (*(rest += strspn(rest, "/"))) {
		size_t n = strcspn(rest, "/");

		if (n == 2 && !strncmp(rest, "..", 2)) {
			while (end > whole && *--end != '/')
				;
			*end = 0;
		} else if (n != 1 || *rest != '.') {
			*end++ = '/';
			end = stpncpy(end, rest, n);
			*end = 0;
		}
		rest += n;
	}
	if (end == whole)
		strcpy(whole, "/");
	free(*out);
	*out = whole;
	return 0;
}

/* The same of a file that may be a link: by its own name, as it stands in a watch folder. */
static int options_absolute_link(const char *path, char **out)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	cleanup_free char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	cleanup_free char *real = NULL;
	int r;

	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return options_absolute(path, out);
	r = folder ? options_absolute(folder, &real) : -ENOMEM;
	if (r)
		return r;
	free(*out);
	if (asprintf(out, "%s/%s", strcmp(real, "/") ? real : "", name) >= 0)
		return 0;
	*out = NULL;
	return -ENOMEM;
}

static int options_set_text(char **field, const char *value)
{
	char *copy = strdup(value);

	if (!copy)
		return -ENOMEM;
	free(*field);
	*field = copy;
	return 0;
}

static int options_own(struct options *o, size_t i, const char *value, struct reason *why)
{
	void *field = (char *)o + options_table[i].offset;
	const char *name = options_table[i].name;

	if (options_table[i].kind == OPTION_FLAG && value)
		return reason_set(why, -EINVAL, "-o %s takes no value", name);
	if (!value && options_table[i].kind != OPTION_FLAG && options_table[i].kind != OPTION_OPTIONAL)
		return reason_set(why, -EINVAL, "-o %s wants a value: %s%s", name, name,
				  options_table[i].argument);
	switch (options_table[i].kind) {
	case OPTION_FLAG:
		*(bool *)field = true;
		return 0;
	case OPTION_SECONDS:
		return options_seconds(name, value, field, why);
	case OPTION_PATH:
		return *value ? options_absolute(value, field) : options_set_text(field, "");
	case OPTION_TEXT:
		if (!*value)
			return reason_set(why, -EINVAL, "-o %s wants a value", name);
		break;
	case OPTION_OPTIONAL:
		break;
	}
	return options_set_text(field, value ? value : "");
}

static bool options_listed(const char *word, const char *const *list, size_t count, bool prefix)
{
	for (size_t i = 0; i < count; i++)
		if (prefix ? !strncmp(word, list[i], strlen(list[i])) : !strcmp(word, list[i]))
			return true;
	return false;
}

static int options_word(struct options *o, char *word, struct reason *why)
{
	char *value = strchr(word, '='), *joined;

	if (!*word || options_listed(word, options_ignored, ARRAY_SIZE(options_ignored), false) ||
	    options_listed(word, options_ignored_values, ARRAY_SIZE(options_ignored_values), true))
		return 0;
	if (options_listed(word, options_context, ARRAY_SIZE(options_context), true)) {
		if (asprintf(&joined, "%s,%s", o->context ? o->context : "", word) < 0)
			return -ENOMEM;
		free(o->context);
		o->context = joined;
		return 0;
	}
	if (value)
		*value++ = 0;
	for (size_t i = 0; i < ARRAY_SIZE(options_table); i++)
		if (!strcmp(word, options_table[i].name))
			return options_own(o, i, value, why);
	return reason_set(why, -EINVAL, "unknown option -o %s; see pxefs --help", word);
}

/* Splits at commas; "\," is a comma inside a value, as in fstab lines for FUSE. */
static int options_list(struct options *o, const char *list, struct reason *why)
{
	cleanup_free char *copy = strdup(list);
	char *in = copy, *out = copy, *word = copy;
	int r = 0;

	if (!copy)
		return -ENOMEM;
	for (;; in++) {
		if (*in == '\\' && in[1]) {
			*out++ = *++in;
			continue;
		}
		if (*in && *in != ',') {
			*out++ = *in;
			continue;
		}
		bool last = !*in;

		*out = 0;
		r = options_word(o, word, why);
		if (r || last)
			return r;
		word = out = in + 1;
	}
}

static bool options_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	if (n > 1)
		return !strncmp(path, dir, n) && (!path[n] || path[n] == '/');
	return true;
}

static int options_places(const struct options *o, struct reason *why)
{
	if (!strncmp(o->mount, "/dev/fd/", 8))
		return 0;
	if (options_below(o->watch, o->mount))
		return reason_set(why, -EINVAL, "WATCHDIR %s is below MOUNTPOINT %s and would be hidden",
				  o->watch, o->mount);
	if (options_below(o->mount, o->watch))
		return reason_set(why, -EINVAL, "MOUNTPOINT %s is below WATCHDIR %s and would show itself",
				  o->mount, o->watch);
	if (o->loader && *o->loader && options_below(o->loader, o->mount))
		return reason_set(why, -EINVAL, "the loader directory %s is below MOUNTPOINT %s", o->loader,
				  o->mount);
	if (o->state && *o->state && options_below(o->state, o->mount))
		return reason_set(why, -EINVAL, "the state directory %s is below MOUNTPOINT %s", o->state,
				  o->mount);
	return 0;
}

static int options_defaults(struct options *o)
{
	const char *home = getenv("XDG_STATE_HOME"), *fallback = getenv("HOME");

	if (!o->loader && options_set_text(&o->loader, PXEFS_STATEDIR "/loader"))
		return -ENOMEM;
	if (o->state)
		return 0;
	if (geteuid() == 0)
		return options_set_text(&o->state, PXEFS_STATEDIR);
	if (home && *home == '/')
		return asprintf(&o->state, "%s/pxefs", home) < 0 ? (o->state = NULL, -ENOMEM) : 0;
	if (fallback && *fallback == '/')
		return asprintf(&o->state, "%s/.local/state/pxefs", fallback) < 0 ? (o->state = NULL, -ENOMEM)
										  : 0;
	return options_set_text(&o->state, "");
}

static int options_operands(struct options *o, int count, char *const operand[], struct reason *why)
{
	struct stat st;
	int r;

	if (o->mode != OPTIONS_MOUNT) {
		if (count != 1)
			return reason_set(why, -EINVAL,
					  "--list and --dump want one WATCHDIR, --explain one FILE.iso");
		return o->mode == OPTIONS_EXPLAIN ? options_absolute_link(operand[0], &o->watch) :
						    options_absolute(operand[0], &o->watch);
	}
	if (count != 2)
		return reason_set(why, -EINVAL, "want WATCHDIR and MOUNTPOINT; see pxefs --help");
	/* It may be absent, and is waited for then. */
	if (!stat(operand[0], &st) && !S_ISDIR(st.st_mode))
		return reason_set(why, -EINVAL, "WATCHDIR %s is not a directory", operand[0]);
	r = options_set_text(&o->source, operand[0]);
	if (!r)
		r = options_absolute(operand[0], &o->watch);
	if (r)
		return r;
	if (!strncmp(operand[1], "/dev/fd/", 8))
		return options_set_text(&o->mount, operand[1]);
	if (stat(operand[1], &st) < 0)
		return reason_set(why, -EINVAL, "MOUNTPOINT %s: %s", operand[1], strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return reason_set(why, -EINVAL, "MOUNTPOINT %s is not a directory", operand[1]);
	return options_absolute(operand[1], &o->mount);
}

struct menu_site options_menu_site(const struct options *o)
{
	return (struct menu_site){.server = o->server,
				  .nfs = o->nfs,
				  .http = o->http,
				  .timeout = o->menu_timeout,
				  .start = o->menu_default};
}

static int options_site(struct options *o, struct reason *why)
{
	struct menu_site site;
	size_t n;

	/* Without a mount the paths in menus are those of a tree at /pxe. */
	if (!o->nfs &&
	    options_set_text(&o->nfs, o->mount && strncmp(o->mount, "/dev/fd/", 8) ? o->mount : "/pxe"))
		return -ENOMEM;
	for (n = strlen(o->nfs); n > 1 && o->nfs[n - 1] == '/';)
		o->nfs[--n] = 0;
	if (o->nfs[0] != '/')
		return reason_set(why, -EINVAL, "-o nfs wants an absolute path, not \"%s\"", o->nfs);
	/* The root of the export is what the paths of menus are put behind, so it is empty. */
	if (!o->nfs[1])
		o->nfs[0] = 0;
	site = options_menu_site(o);
	return menu_site_check(&site, why);
}

/* optopt is the letter of an unknown short option; of a long one it is 0, or its value where an argument was
 * given that it does not take. */
static int options_unknown(int argc, char *const argv[], struct reason *why)
{
	char letter[3] = {'-', (char)optopt, 0};
	bool is_long = !optopt || strchr("LDEhV", optopt);

	return reason_set(why, -EINVAL, "unknown option %s; see pxefs --help",
			  !is_long			 ? letter
			  : optind > 0 && optind <= argc ? argv[optind - 1]
							 : "");
}

int options_parse(int argc, char *const argv[], struct options *o, struct reason *why)
{
	static const struct option longs[] = {
		{"list", no_argument, NULL, 'L'},    {"dump", no_argument, NULL, 'D'},
		{"explain", no_argument, NULL, 'E'}, {"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0},
	};
	int c, r;

	*o = (struct options){.timeout = 86400, .grace = 86400, .poll = 2};
	opterr = 0;
	optind = 0; /* 0 and not 1: getopt then forgets where in a word it was */
	while ((c = getopt_long(argc, argv, ":fdsVho:", longs, NULL)) != -1) {
		switch (c) {
		case 'L':
			o->mode = OPTIONS_LIST;
			break;
		case 'D':
			o->mode = OPTIONS_DUMP;
			break;
		case 'E':
			o->mode = OPTIONS_EXPLAIN;
			break;
		case 'h':
			o->mode = OPTIONS_HELP;
			return 0;
		case 'V':
			o->mode = OPTIONS_VERSION;
			return 0;
		case 'f':
			o->foreground = true;
			break;
		case 'd':
			o->foreground = o->debug = true;
			break;
		case 's':
			o->single = true;
			break;
		case 'o':
			r = options_list(o, optarg, why);
			if (r)
				return r;
			break;
		case ':':
			return reason_set(why, -EINVAL, "-%c wants a value; see pxefs --help", optopt);
		default:
			return options_unknown(argc, argv, why);
		}
	}
	r = options_operands(o, argc - optind, argv + optind, why);
	if (!r)
		r = options_defaults(o);
	if (!r && o->mode == OPTIONS_MOUNT)
		r = options_places(o, why);
	if (!r)
		r = options_site(o, why);
	return r;
}

void options_free(struct options *o)
{
	free(o->watch);
	free(o->mount);
	free(o->source);
	free(o->server);
	free(o->nfs);
	free(o->http);
	free(o->menu_default);
	free(o->loader);
	free(o->state);
	free(o->context);
	*o = (struct options){0};
}
