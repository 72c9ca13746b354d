/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "disc-kit.h"
#include "snapshot.h"
#include "tap.h"

static const struct timespec noon = {.tv_sec = 43200};

static struct text *text(const char *path, const char *content)
{
	char *copy = content ? strdup(content) : NULL;
	struct text *t = text_new(path, copy, content ? strlen(content) : 0, noon);

	disc_need(t);
	return t;
}

static bool is_text(const struct snapshot *s, uint32_t object, const char *content)
{
	const struct own_ref *own = snapshot_own(s, object);
	const struct text *t = own && own->kind == CHILD_TEXT ? s->texts[own->ref] : NULL;

	return t && t->size == strlen(content) && !memcmp(t->one.bytes, content, t->size);
}

/* --- ids of texts ------------------------------------------------------------------------------ */

static void test_texts(void)
{
	struct text *a = text("a/x", "hello"), *b = text("a/x", "hello"), *c = text("a/x", "hellO");
	struct text *d = text("a/", "xhello"), *none = text("none", NULL), *empty = text("none", "");

	ok(a->object == b->object && a->generation == b->generation && a->size == 5);
	tap_ok(a->object != c->object && a->generation != c->generation, "another content is another id");
	tap_ok(a->object != d->object, "path and content do not run together");
	ok(none->size == 0 && empty->size == 0 && none->object == empty->object);
	text_put(a);
	text_put(b);
	text_put(c);
	text_put(d);
	text_put(none);
	text_put(empty);
	text_put(NULL);
}

static struct blob *pack(const char *bytes)
{
	struct blob *b = calloc(1, sizeof(*b));

	disc_need(b);
	atomic_init(&b->refs, 1);
	b->size = strlen(bytes);
	b->map = mmap(NULL, b->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	disc_need(b->map != MAP_FAILED);
	memcpy(b->map, bytes, b->size);
	return b;
}

static void test_blobs(void)
{
	struct blob *b = pack("onetwothree");
	struct text *t = text_new_blob("boot/grub/two", b, 3, 3, noon), *same = text("boot/grub/two", "two");

	ok(t && t->size == 3 && !memcmp(t->one.bytes, "two", 3));
	tap_ok(t->object == same->object && t->generation == same->generation,
	       "a text of a pack has the id that it has by itself");
	ok(!text_new_blob("x", b, 9, 3, noon) && !text_new_blob("x", b, 12, 0, noon));
	ok(!text_new_blob("x", b, SIZE_MAX, 2, noon) && !text_new_blob("x", b, 2, SIZE_MAX, noon));
	ok(atomic_load(&b->refs) == 2);
	blob_put(b);
	tap_ok(!memcmp(t->one.bytes, "two", 3), "a pack lives as long as a text in it");
	text_put(t);
	text_put(same);
	blob_put(NULL);
}

/* --- folders, names, positions ----------------------------------------------------------------- */

static void test_empty(void)
{
	struct snapshot *s = snapshot_new();
	uint32_t n = 5;

	ok(s && snapshot_add_folder(s, "", &n) == 0 && n == 0);
	ok(snapshot_finish(s) == 0 && s->folder_count == 1 && !s->child_count);
	ok(snapshot_folder_id(s, 0) == NODE_ROOT && s->folders[0].generation == 0 &&
	   s->folders[0].parent == 0);
	ok(s->folders[0].mode == (S_IFDIR | 0555));
	ok(!snapshot_child(s, 0, "x") && !snapshot_child(s, 0, "") && !snapshot_own(s, 1) &&
	   !snapshot_view(s, 2));
	snapshot_put(s);
	snapshot_put(NULL);
}

static void test_folders(void)
{
	struct snapshot *s = snapshot_new();
	uint32_t deep, again, old, b;
	const struct child *c;

	ok(snapshot_add_folder(s, "a/b/c", &deep) == 0 && s->folder_count == 4);
	ok(snapshot_add_folder(s, "a/b/c", &again) == 0 && again == deep && s->folder_count == 4);
	ok(snapshot_add_folder(s, ".old", &old) == 0 && s->folders[old].mode == (S_IFDIR | 0711));
	ok(snapshot_add_text(s, text("a/status", "s")) == 0 &&
	   snapshot_add_text(s, text("new/er/x", "x")) == 0);
	ok(snapshot_finish(s) == 0);
	b = s->folders[deep].parent;
	ok(!strcmp(s->folders[deep].path, "a/b/c") && !strcmp(s->folders[b].path, "a/b"));
	c = snapshot_child(s, b, "c");
	ok(c && c->kind == CHILD_FOLDER && c->ref == deep);
	c = snapshot_child(s, s->folders[b].parent, "status");
	ok(c && c->kind == CHILD_TEXT && is_text(s, s->texts[c->ref]->object, "s"));
	ok(!snapshot_child(s, 0, "status") && !snapshot_child(s, 0, "a/b") && snapshot_child(s, 0, "new"));
	ok(s->folders[0].subdirs == 3 && s->folders[b].subdirs == 1 && s->folders[deep].subdirs == 0);
	for (uint32_t i = 1; i < s->folder_count; i++) {
		const struct own_ref *own = snapshot_own(s, s->folders[i].object);

		tap_ok(own && own->kind == CHILD_FOLDER && own->ref == i, "%s is found by its id",
		       s->folders[i].path);
	}
	snapshot_put(s);
}

#define MANY 3000

static void many_name(char name[16], unsigned i)
{
	snprintf(name, 16, "file-%u", i);
}

static void test_positions(void)
{
	struct snapshot *few = snapshot_new(), *all = snapshot_new();
	unsigned good = 0, stable = 0;
	char name[16];

	for (unsigned i = 0; i < MANY; i++) {
		many_name(name, i);
		disc_need(!snapshot_add_text(all, text(name, "x")));
		if (i % 7 == 0)
			disc_need(!snapshot_add_text(few, text(name, "x")));
	}
	ok(snapshot_finish(few) == 0 && snapshot_finish(all) == 0);
	for (size_t i = 0; i < all->child_count; i++)
		good += all->children[i].cookie >= 3 && all->children[i].cookie <= INT64_MAX &&
			(i == 0 || all->children[i].cookie > all->children[i - 1].cookie);
	tap_ok(good == MANY, "positions are in order, none is that of a dot, all fit an off_t");
	for (unsigned i = 0; i < MANY; i += 7) {
		const struct child *a, *b;

		many_name(name, i);
		a = snapshot_child(few, 0, name);
		b = snapshot_child(all, 0, name);
		stable += a && b && a->cookie == b->cookie && a->cookie == snapshot_cookie(name);
	}
	tap_ok(stable == (MANY + 6) / 7, "a name's position does not depend on the other names");
	snapshot_put(few);
	snapshot_put(all);
}

/* Two names whose hashes were one: both are found and have positions of their own. */
static void test_cookie_clash(void)
{
	struct snapshot *s = snapshot_new();
	const struct child *a, *b;

	disc_need(!snapshot_add_text(s, text("a", "1")) && !snapshot_add_text(s, text("b", "2")));
	s->children[1].cookie = s->children[0].cookie = snapshot_cookie("b");
	disc_need(!snapshot_finish(s));
	b = snapshot_child(s, 0, "b");
	a = &s->children[0];
	ok(b && !strcmp(b->name, "b") && !strcmp(a->name, "a") && b->cookie == a->cookie + 1);
	snapshot_put(s);
}

/* --- two nodes that want one number ------------------------------------------------------------ */

static void test_text_clash(void)
{
	struct snapshot *s = snapshot_new();
	struct text *a = text("a", "first"), *b = text("b", "second");

	b->object = a->object;
	a->shown = true; /* in a snapshot before */
	disc_need(!snapshot_add_text(s, text_ref(b)) && !snapshot_add_text(s, text_ref(a)));
	ok(snapshot_finish(s) == 0 && a->object != b->object && b->shown);
	tap_ok(is_text(s, a->object, "first") && is_text(s, b->object, "second"), "both answer by their ids");
	text_put(a);
	text_put(b);
	snapshot_put(s);
}

static void test_shown_keeps_its_id(void)
{
	struct text *a = text("a", "first"), *b = text("b", "second");
	uint32_t was = a->object;
	struct snapshot *s = snapshot_new();

	disc_need(!snapshot_add_text(s, text_ref(a)) && !snapshot_finish(s));
	snapshot_put(s);
	for (int order = 0; order < 2; order++) {
		b->object = was;
		b->shown = false;
		s = snapshot_new();
		disc_need(!snapshot_add_text(s, text_ref(order ? a : b)) &&
			  !snapshot_add_text(s, text_ref(order ? b : a)) && !snapshot_finish(s));
		tap_ok(a->object == was && b->object != was,
		       "the one that was there first keeps its number (%d)", order);
		snapshot_put(s);
	}
	text_put(a);
	text_put(b);
}

static void test_folder_clash(void)
{
	struct snapshot *s = snapshot_new();
	struct text *t = text("t", "text");
	uint32_t f, was;

	disc_need(!snapshot_add_folder(s, "folder", &f) && !snapshot_add_text(s, text_ref(t)));
	was = s->folders[f].object;
	t->object = was;
	ok(snapshot_finish(s) == 0 && s->folders[f].object == was && t->object != was);
	ok(is_text(s, t->object, "text") && snapshot_own(s, was)->kind == CHILD_FOLDER);
	text_put(t);
	snapshot_put(s);
}

static void test_retired(void)
{
	struct snapshot *s = snapshot_new();
	struct text *old = text("status", "old"), *now = text("status", "now");

	disc_need(!snapshot_add_text(s, text_ref(now)) && !snapshot_add_retired(s, old));
	ok(snapshot_finish(s) == 0 && s->child_count == 1);
	ok(is_text(s, old->object, "old") && is_text(s, now->object, "now"));
	ok(atomic_load(&old->refs) == 2);
	snapshot_put(s);
	ok(atomic_load(&old->refs) == 1 && atomic_load(&now->refs) == 1);
	text_put(old);
	text_put(now);
}

/* --- images ------------------------------------------------------------------------------------ */

static void released(void *ctx, uint64_t serial)
{
	*(uint64_t *)ctx = serial;
}

static void test_places(void)
{
	struct snapshot *s = snapshot_new();
	struct image *im = disc_image(42, "sub/x.iso", 1, 5);
	struct text *grub = text("sub/x/grub.cfg", "menuentry"), *ipxe = text("sub/x/boot.ipxe", "#!ipxe");
	struct text *const menus[PLACE_TEXTS] = {grub, ipxe};
	const struct view_ref *v;
	const struct child *c;
	uint32_t generation = 1;
	uint64_t gone = 0;

	im->released = released;
	im->released_ctx = &gone;
	im->views[0].volume = 0x123456;
	ok(snapshot_add_place(s, "sub/x", im, menus, false) == 0 && snapshot_finish(s) == 0);
	v = snapshot_view(s, 0x123456);
	ok(v && s->places[v->place].image == im && v->view == 0 && !snapshot_view(s, 0x123455));
	c = snapshot_child(s, s->places[v->place].folder, "x");
	ok(c && c->kind == CHILD_PLACE && snapshot_child_id(s, c, &generation) == NODE_ID(0x123456, 0));
	ok(generation == im->generation && s->bytes == im->size);
	tap_ok(is_text(s, grub->object, "menuentry") && is_text(s, ipxe->object, "#!ipxe") && s->child_count == 2,
	       "its menus answer by id, and are no folder's");
	image_put(im);
	text_put(grub);
	text_put(ipxe);
	ok(gone == 0);
	snapshot_ref(s);
	snapshot_put(s);
	ok(gone == 0);
	snapshot_put(s);
	tap_ok(gone == 42, "the last snapshot to go lets go of the image");
}

int main(void)
{
	test_texts();
	test_blobs();
	test_empty();
	test_folders();
	test_positions();
	test_cookie_clash();
	test_text_clash();
	test_shown_keeps_its_id();
	test_folder_clash();
	test_retired();
	test_places();
	return tap_done();
}
