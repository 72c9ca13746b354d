/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include "catalog.h"
#include "conf.h"
#include "initrd.h"
#include "inspect.h"
#include "job.h"
#include "log.h"
#include "tree.h"
#include "watch.h"

struct inspect {
	struct catalog *catalog;
	char *program;
	struct watch *watch;
	unsigned waiting; /* files that are looked at a second time */
	bool again;
	bool explain;     /* what is refused is told by the caller */
	bool refused;
	struct reason why;
};

static int inspect_wait(pid_t pid, int *status)
{
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

/* Puts the judged index in the place of *index. Without it, what the layout says is explained. */
static int inspect_judge(struct inspect *in, const char *path, int fd, int *index)
{
	struct reason why = {""};
	cleanup_fd int out = -1;
	int status, r;
	pid_t pid;

	if (index_is_judged(*index))
		return 0;
	r = job_judge(in->program, fd, *index, false, -1, &out, &pid);
	if (!r)
		r = inspect_wait(pid, &status);
	if (r)
		return r;
	if (job_judge_done(out, status, &why)) {
		log_warn("\"%s\": its initrds are not judged: %s", path, why.text);
		return 0;
	}
	fd_close(index);
	*index = steal_fd(out);
	return 0;
}

/* Indexes one file in a sandboxed process and puts it into the catalog. */
static int inspect_add(struct inspect *in, uint64_t serial, const char *path, int fd, const struct stat *st)
{
	struct timespec when = timespec_cmp(st->st_mtim, st->st_ctim) < 0 ? st->st_ctim : st->st_mtim;
	cleanup_fd int out = -1;
	struct image *im;
	int status, copy, r;
	pid_t pid;

	r = job_index(in->program, fd, -1, &out, &pid);
	if (!r)
		r = inspect_wait(pid, &status);
	if (r)
		return r;
	r = job_index_done(out, status, &in->why);
	if (!r && in->explain) {
		r = inspect_judge(in, path, fd, &out);
		if (r)
			return r;
	}
	if (!r) {
		copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
		r = copy < 0 ? -errno : image_open(serial, path, copy, st, out, when, &im, &in->why);
	}
	if (!r)
		return catalog_add(in->catalog, im);
	in->refused = true;
	return catalog_note(in->catalog, serial, path, r == -ENODATA ? MENU_INCOMPLETE : MENU_REJECTED,
			    in->why.text, (uint64_t)st->st_size);
}

/* The administrator's word. It is read right here: who asks is the administrator. */
static int inspect_conf(struct inspect *in, const char *path, int fd, const struct stat *st)
{
	struct timespec when = timespec_cmp(st->st_mtim, st->st_ctim) < 0 ? st->st_ctim : st->st_mtim;
	bool answer = watch_role(path) == WATCH_ANSWER;
	size_t most = answer ? CONF_ANSWER_MAX : CONF_FILE_MAX;
	/* A byte too many is enough to be refused. */
	size_t size = (uint64_t)st->st_size > most ? most + 1 : (size_t)st->st_size;
	cleanup_free char *data = malloc(size + 1);
	int r = data ? pread_full(fd, data, size, 0) : -ENOMEM;

	return r ? r : catalog_conf(in->catalog, path, answer, data, size, when);
}

static void inspect_event(void *ctx, const struct watch_event *ev)
{
	struct inspect *in = ctx;
	int r = 0;

	if (in->again && in->waiting)
		in->waiting--;
	switch (ev->kind) {
	case WATCH_READY:
		r = ev->role == WATCH_ISO ? inspect_add(in, ev->serial, ev->path, ev->fd, &ev->st) :
					    inspect_conf(in, ev->path, ev->fd, &ev->st);
		break;
	case WATCH_INCOMPLETE:
		in->waiting++;
		if (ev->role != WATCH_ISO)
			break;
		/* fall through */
	case WATCH_REFUSED:
		if (ev->role != WATCH_ISO) {
			log_warn("\"%s\" is not used: %s", ev->path, ev->reason);
			break;
		}
		r = catalog_note(in->catalog, ev->serial, ev->path,
				 ev->kind == WATCH_INCOMPLETE ? MENU_INCOMPLETE : MENU_REJECTED, ev->reason, 0);
		break;
	case WATCH_CHANGING:
	case WATCH_GONE:
		if (ev->role == WATCH_ISO)
			catalog_drop(in->catalog, ev->serial);
		else
			r = catalog_conf(in->catalog, ev->path, ev->role == WATCH_ANSWER, NULL, 0, ev->st.st_ctim);
		watch_release(in->watch, ev->serial);
		break;
	}
	if (r)
		log_err("\"%s\": %s", ev->path, strerror(-r));
}

/* Who does not own the files has no leases, and sees only at a second look, a second later, that nobody writes
 * them. What is being written then is incomplete. */
static int inspect_folder(struct inspect *in, const char *folder)
{
	struct timespec now, until;
	int r = watch_open(folder, 1, &in->watch);

	if (r)
		return r;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += 2;
	for (;;) {
		struct pollfd p = { watch_fd(in->watch), POLLIN, 0 };

		r = watch_run(in->watch, inspect_event, in);
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (r || !in->waiting || timespec_cmp(until, now) <= 0)
			break;
		in->again = true;
		poll(&p, 1, 100);
	}
	watch_close(in->watch);
	return r;
}

static int inspect_write_text(const struct snapshot *s, const char *folder_path, const char *name, FILE *f)
{
	uint64_t at = NODE_ROOT;
	cleanup_free char *path = strdup(folder_path);
	struct tree_node node = {.id = NODE_ROOT};
	struct tree_bytes bytes;
	char *save = NULL;
	int r = path ? 0 : -ENOMEM;

	for (char *part = path ? strtok_r(path, "/", &save) : NULL; part && !r;
	     part = strtok_r(NULL, "/", &save)) {
		r = tree_lookup(s, at, part, &node);
		at = node.id;
	}
	if (!r)
		r = tree_lookup(s, at, name, &node);
	for (uint64_t off = 0; !r && off < (uint64_t)node.st.st_size;) {
		r = tree_read(s, node.id, off, 1 << 20, &bytes);
		if (r)
			break;
		for (int i = 0; i < bytes.count; i++)
			fwrite(bytes.run[i].iov_base, 1, bytes.run[i].iov_len, f);
		off += bytes.total;
		tree_bytes_free(&bytes);
	}
	return r;
}

/* --- --dump ----------------------------------------------------------------------------------- */

struct inspect_walk {
	const struct snapshot *s;
	const char *path;
	unsigned depth;
	int error;
};

static int inspect_dump_dir(const struct snapshot *s, uint64_t dir, const char *path, unsigned depth);

static void inspect_print_path(const char *path)
{
	/* One entry, one line, whatever is in the names. */
	for (const unsigned char *p = (const unsigned char *)path; *p; p++)
		if (*p < 0x20 || *p == 0x7f || *p == '\\' || *p == ' ')
			printf("\\%03o", *p);
		else
			putchar(*p);
}

static int inspect_dump_one(void *ctx, const char *name, const struct tree_node *node, uint64_t off)
{
	struct inspect_walk *w = ctx;
	cleanup_free char *path = NULL, *where = NULL;
	const struct stat *st = &node->st;

	if (off < 3)
		return 0;
	if (asprintf(&path, "%s/%s", w->path, name) < 0) {
		path = NULL;
		w->error = -ENOMEM;
		return 1;
	}
	inspect_print_path(path);
	printf(" %016llx.%08x %06o %u:%u %u ", (unsigned long long)node->id, node->generation, st->st_mode,
	       st->st_uid, st->st_gid, (unsigned)st->st_nlink);
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		printf("%u,%u", major(st->st_rdev), minor(st->st_rdev));
	else
		printf("%llu", (unsigned long long)st->st_size);
	printf(" %lld ", (long long)st->st_mtim.tv_sec);
	if (S_ISLNK(st->st_mode)) {
		if (!tree_readlink(w->s, node->id, &where)) {
			printf("-> ");
			inspect_print_path(where);
		}
	} else if (!tree_where(w->s, node->id, &where)) {
		fputs(where, stdout);
	}
	putchar('\n');
	if (S_ISDIR(st->st_mode) && w->depth < 512)
		w->error = inspect_dump_dir(w->s, node->id, path, w->depth + 1);
	return w->error != 0;
}

static int inspect_dump_dir(const struct snapshot *s, uint64_t dir, const char *path, unsigned depth)
{
	struct inspect_walk w = {s, path, depth, 0};
	int r = tree_readdir(s, dir, 0, true, inspect_dump_one, &w);

	/* A directory that cannot be read is a line, not the end of the dump. */
	if (r && r != -ENOMEM) {
		printf("# ");
		inspect_print_path(path);
		printf(": %s\n", strerror(-r));
		r = 0;
	}
	return r ? r : w.error;
}

static int inspect_dump(const struct snapshot *s)
{
	puts("# path id.generation mode uid:gid nlink size-or-device mtime where");
	return inspect_dump_dir(s, NODE_ROOT, "", 0);
}

/* --- --explain -------------------------------------------------------------------------------- */

/* Whether the way, which is not offered, is one to people with another that says so already, or that is offered:
 * those that differ in the initrds that they are for have one name. */
static bool inspect_is_twin(const struct recipe *recipe, const struct menu_boot *b, size_t n)
{
	const struct recipe_way *w = recipe_way(recipe, &b->entry, n), *other;
	struct reason why;
	char **words;

	for (size_t i = 0; w && (other = recipe_way(recipe, &b->entry, i)); i++) {
		if (i == n || other->how != w->how ||
		    strcmp(other->title ? other->title : "", w->title ? w->title : "") != 0)
			continue;
		if (i < n)
			return true;
		if (recipe_way_check(recipe, other, b->can, &why) ||
		    recipe_words(recipe, other, &b->entry, &words, &why))
			continue;
		words_free(words);
		return true;
	}
	return false;
}

static void inspect_explain_boot(const struct recipe *recipe, const struct menu_boot *b)
{
	const struct bootcfg_entry *e = &b->entry;
	struct reason why = {""};
	const struct recipe_way *w;
	char **words;

	printf("\nentry: %s%s%s%s\n", e->submenu, *e->submenu ? " > " : "", e->title,
	       e->is_default ? " (default)" : "");
	printf("  from: %s, for%s%s\n", e->source, e->platforms & BOOTCFG_BIOS ? " BIOS" : "",
	       e->platforms & BOOTCFG_EFI ? " UEFI" : "");
	printf("  kernel: %s\n", b->kernel);
	for (size_t i = 0; i < b->initrd_count; i++)
		printf("  initrd: %s\n", b->initrds[i]);
	printf("  words on the ISO:");
	for (size_t i = 0; i < e->word_count; i++)
		printf(" %s", e->words[i]);
	putchar('\n');
	for (size_t n = 0; (w = recipe_way(recipe, e, n)) || !n; n++) {
		const char *how = w ? recipe_how_text(w->how) : "", *title = w && w->title ? w->title : "";
		int r = recipe_words(recipe, w, e, &words, &why);

		/* As menus do: what is wrong with the entry is said before what is wrong with the way. */
		if (!r && recipe_way_check(recipe, w, b->can, &why)) {
			words_free(words);
			r = -EOPNOTSUPP;
		}
		if (r && inspect_is_twin(recipe, b, n))
			continue;
		if (r) {
			printf("  not offered%s%s%s%s%s: %s\n", w ? " " : "", how, *title ? " (" : "", title,
			       *title ? ")" : "", why.text);
			if (!w)
				break;
			continue;
		}
		printf("  words %s%s%s%s:", how, *title ? " (" : "", title, *title ? ")" : "");
		for (size_t i = 0; words[i]; i++)
			printf(" %s", words[i]);
		putchar('\n');
		words_free(words);
	}
}

/* A line for each initrd that an entry boots with: what it can do. */
static void inspect_explain_initrds(const struct index *x)
{
	uint32_t first, end;

	index_file_range(x, INDEX_DIR_INITRD, &first, &end);
	for (; first < end; first++) {
		const struct index_file *f = &x->files[first];
		const char *name, *before = " ";
		uint64_t bit;

		if (!f->can)
			continue;
		printf("initrd/%s:", index_string(x, f->name));
		for (unsigned i = 0; (name = initrd_can_name(i, &bit)); i++)
			if (f->can & bit) {
				printf("%s%s", before, name);
				before = ", ";
			}
		puts(f->can == INITRD_JUDGED ? " nothing that is known here" : "");
	}
}

/* What status says behind the family: how it boots, and what is to be known. */
static int inspect_explain_status(const struct snapshot *s, const char *path)
{
	cleanup_free char *text = NULL;
	size_t len = 0, n = strlen(path);
	FILE *f = open_memstream(&text, &len);
	char *save = NULL, *field[5] = {NULL};
	int r;

	if (!f)
		return -ENOMEM;
	r = inspect_write_text(s, "", "status", f);
	if (fclose(f) && !r)
		r = -ENOMEM;
	if (r)
		return r;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (strncmp(line, path, n) || line[n] != '\t')
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(field) && line; i++)
			field[i] = strsep(&line, "\t");
		break;
	}
	if (!field[4])
		return -ENOENT;
	printf("boots: %s\n", field[3]);
	if (strcmp(field[4], "-"))
		printf("note: %s\n", field[4]);
	return 0;
}

static int inspect_explain(const struct snapshot *s)
{
	const struct place *p;
	const struct menu_image *l;
	int r;

	if (s->place_count != 1)
		return -ENOENT;
	p = &s->places[0];
	l = &p->image->listing;
	printf("file: %s\nname: %s\nvolume: %s\nsize: %llu\n", l->file, p->path, l->label,
	       (unsigned long long)l->size);
	printf("family: %s (%s)\n", l->recipe->title, l->recipe->id);
	r = inspect_explain_status(s, p->path);
	if (r)
		return r;
	if (l->zisofs_count)
		printf("unreadable (zisofs): %zu files\n", l->zisofs_count);
	if (p->image->index->header->skipped)
		printf("not followed: %u constructs\n", p->image->index->header->skipped);
	for (size_t i = 1; i < p->image->view_count; i++)
		printf("%s: %s\n", p->image->views[i].kind == IMAGE_VIEW_ROOT ? "root/" : "layer",
		       index_string(p->image->index,
				    p->image->index->squash[p->image->views[i].squash].name));
	inspect_explain_initrds(p->image->index);
	for (size_t i = 0; i < l->boot_count; i++)
		inspect_explain_boot(l->recipe, &l->boots[i]);
	printf("\ngenerated %s/grub.cfg:\n", p->path);
	return inspect_write_text(s, p->path, "grub.cfg", stdout);
}

/* What may concern the image: its own file, its folder's, and every answer file, which those may name. */
static bool inspect_concerns(const char *name, const char *image)
{
	const char *dot = strrchr(image, '.');
	size_t stem = dot ? (size_t)(dot - image) : strlen(image);

	if (*name == '.' || watch_role(name) == WATCH_OTHER || watch_role(name) == WATCH_ISO)
		return false;
	return watch_role(name) == WATCH_ANSWER || !strcasecmp(name, "pxefs.conf") ||
	       (!strncmp(name, image, stem) && !strcasecmp(name + stem, ".conf"));
}

/* Of the folders above nothing tells which is the watch folder, so they are not asked. */
static int inspect_confs(struct inspect *in, const char *file, const char *image)
{
	cleanup_free char *copy = strdup(file);
	DIR *dir = copy ? opendir(dirname(copy)) : NULL;
	struct dirent *d;
	int r = copy ? 0 : -ENOMEM;

	while (dir && !r && (d = readdir(dir))) {
		cleanup_fd int fd = -1;
		struct stat st;

		if (!inspect_concerns(d->d_name, image))
			continue;
		fd = openat(dirfd(dir), d->d_name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || inspect_conf(in, d->d_name, fd, &st))
			log_warn("\"%s\" cannot be read", d->d_name);
		else if (watch_role(d->d_name) == WATCH_CONF)
			printf("conf: %s\n", d->d_name);
	}
	if (dir)
		closedir(dir);
	return r;
}

static int inspect_one(struct inspect *in, const char *file)
{
	cleanup_free char *copy = strdup(file);
	cleanup_fd int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	int r;

	if (!copy)
		return -ENOMEM;
	if (fd < 0 || fstat(fd, &st) < 0)
		return reason_set(&in->why, -errno, "%s", strerror(errno));
	r = inspect_add(in, 1, basename(copy), fd, &st);
	if (!r && in->refused)
		return -EBADMSG;
	return r ? r : inspect_confs(in, file, basename(copy));
}

int inspect_run(const struct options *o)
{
	struct catalog_config config = {.site = options_menu_site(o)};
	struct inspect in = {.explain = o->mode == OPTIONS_EXPLAIN};
	struct snapshot *s = NULL;
	int r = catalog_new(&config, &in.catalog);

	if (!r)
		r = job_program(&in.program);
	if (!r)
		r = in.explain ? inspect_one(&in, o->watch) : inspect_folder(&in, o->watch);
	catalog_settle(in.catalog, true);
	if (!r)
		r = catalog_commit(in.catalog, 0, NULL);
	if (!r)
		s = catalog_get(in.catalog);
	if (!r && o->mode == OPTIONS_LIST)
		r = inspect_write_text(s, "", "status", stdout);
	else if (!r && o->mode == OPTIONS_DUMP)
		r = inspect_dump(s);
	else if (!r)
		r = inspect_explain(s);
	if (r)
		fprintf(stderr, "pxefs: %s: %s\n", o->watch, in.why.text[0] ? in.why.text : strerror(-r));
	snapshot_put(s);
	catalog_free(in.catalog);
	free(in.program);
	if (fflush(stdout) || ferror(stdout))
		r = r ? r : -EIO;
	return r ? EXIT_FAILURE : EXIT_SUCCESS;
}
