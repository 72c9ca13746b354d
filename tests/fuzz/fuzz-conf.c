/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t list_check(char *const *list, size_t most)
{
	size_t n = 0;

	for (; list && list[n]; n++)
		if (!list[n][0] || strpbrk(list[n], " \t\n"))
			abort();
	if (n > most)
		abort();
	return n;
}

static void conf_check(const struct conf *c, size_t times)
{
	if (c->timeout < CONF_TIMEOUT_UNSAID || c->timeout > 86400 || c->entry_count > times * CONF_ENTRIES)
		abort();
	if (c->answer && (!conf_answer_stem(c->answer) || strchr(c->answer, '/') || *c->answer == '.'))
		abort();
	list_check(c->append, CONF_WORDS);
	list_check(c->remove, CONF_WORDS);
	for (size_t i = 0; i < c->entry_count; i++) {
		const struct conf_entry *e = &c->entries[i];

		if (!e->title || !e->kernel || *e->kernel != '/')
			abort();
		for (size_t k = list_check(e->initrds, CONF_INITRDS); k-- > 0;)
			if (e->initrds[k][0] != '/')
				abort();
		list_check(e->words, CONF_WORDS);
	}
}

/* The input is what a folder says, a NUL, and what is nearer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *cut = size ? memchr(data, 0, size) : NULL;
	size_t len = cut ? (size_t)(cut - data) : size;
	struct conf *far = NULL, *near = NULL, *both = NULL;
	struct reason why = { "" };

	if (conf_parse((const char *)data, len, &far, &why) < 0 && (far || !why.text[0]))
		abort();
	if (cut && conf_parse((const char *)cut + 1, size - len - 1, &near, &why) < 0 && near)
		abort();
	if (conf_merge(far, near, &both))
		abort();
	if (far)
		conf_check(far, 1);
	if (near)
		conf_check(near, 1);
	conf_check(both, 2);
	conf_free(far);
	conf_free(near);
	conf_free(both);
	return 0;
}
