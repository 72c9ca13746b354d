#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The catalogue in a browser: Chromium gets it from nginx, which serves the mounted tree. What it makes of the page has
# what people are to be told, and no element that an ISO or a file name brought.

. "${TOP_SRCDIR:-.}/tests/functions.sh"
. "$TOP_SRCDIR/tests/mount/mini.sh"

need_root
need_fuse
requires xorriso nginx chromium tidy curl
mkdir -p folder/old mnt tree body
mini folder/plain.iso plain
mini folder/old/x10.iso ten
mini folder/old/x9.iso nine

# Its volume's name, its menu's titles and its own name would all be elements.
printf 'a kernel' >tree/ipxe.krn
cat >tree/isolinux.cfg <<'MENU'
default one
label one
	menu label <script>document.title = "owned"</script>
	kernel ipxe.krn
label two
	menu label "><img src=x onerror="document.title = 1"><!-- & &lt;b&gt;
	kernel ipxe.krn
label three
	menu label </details></section></main></body></html><h1>gone</h1>
	kernel ipxe.krn first second
MENU
make_iso tree folder/hostile.iso -R -V '<IMG SRC=X>&"<B>'
cp folder/hostile.iso 'folder/<b onclick=x>&amp;.iso'
echo 'no ISO' >'folder/<style>*{display:none}.iso'
head -c 100000 folder/hostile.iso >'folder/cut off.iso'
mount_pxefs folder mnt -o state=,loader=,nfs=/pxe
tree=$(cd mnt && pwd -P)

# nginx as the sample has it, on a free port.
port=
for try in 1 2 3 4 5 6 7 8 9; do
	port=$((20000 + ($$ * 11 + try * 1013) % 20000))
	cat >nginx.conf <<-CONF
	daemon off;
	pid $tmp/nginx.pid;
	error_log stderr;
	user nobody nogroup;
	events {}
	http {
		access_log off;
		types { text/html html; }
		default_type application/octet-stream;
		client_body_temp_path $tmp/body;
		proxy_temp_path $tmp/body;
		fastcgi_temp_path $tmp/body;
		uwsgi_temp_path $tmp/body;
		scgi_temp_path $tmp/body;
		server {
			listen 127.0.0.1:$port;
			root $tree;
			autoindex on;
		}
	}
	CONF
	nginx -e stderr -c "$tmp/nginx.conf" 2>nginx.log &
	server=$!
	cleanup_fn end_process "$server"
	url=http://127.0.0.1:$port
	! wait_for 5 curl -sf -o /dev/null "$url/status" || break
	end_process "$server"
	port=
done
check "nginx serves the tree" test -n "$port"

curl -sf "$url/" >page.html
check "it is the page of the tree" cmp page.html mnt/index.html
is "$(tidy -quiet -errors page.html 2>&1 | head -n 20)" "" "tidy finds nothing wrong with it"

# dom FILE: what the browser has made of it.
dom()
{
	HOME=$tmp timeout -k 5 90 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
		--user-data-dir="$tmp/browser" --dump-dom "$url/" >"$1" 2>browser.log || {
		tail -n 20 browser.log | sed 's/^/# /'
		return 1
	}
}
check "a browser reads it" dom seen.html
is "$(sed -n 's/.*<title>\(.*\)<\/title>.*/\1/p' seen.html)" "Boot images" "its title is its own"
is "$(grep -oiE '<(script|img|style|b|h1)[ >]' seen.html | LC_ALL=C sort | tr -d '\n')" "<h1><style>" \
	"there is no element that it was not made with"
is "$(grep -o '<details[^>]*class="[a-z]*"' seen.html | wc -l)" 7 "it has seven images and files"
is "$(grep -o '</html>' seen.html | wc -l)" 1 "and one end"
for words in 'plain' 'old/x9' 'iPXE' 'kernel alone' 'From hostile.iso' 'incomplete' '7 images' '5 boot' \
	'&lt;script&gt;document.title = "owned"&lt;/script&gt;' '&lt;IMG SRC=X&gt;&amp;"&lt;B&gt;' \
	'&lt;b onclick=x&gt;&amp;amp;.iso' '&lt;style&gt;*{display:none}.iso'; do
	check "it says: $words" grep -qF -e "$words" seen.html
done
is "$(grep -oE 'old/x(9|10)<' seen.html | tr -d '\n')" "old/x9<old/x10<" "9 comes before 10"
# Links are taken as they are written, by curl.
grep -o 'href="\./[^"]*"' seen.html | sed 's/^href="\.\/\(.*\)"$/\1/' >links
is "$(wc -l <links)" $((5 * 4 + 1)) "it leads to each image, its files and its menus, and to status"
bad=
while read -r link; do
	curl -sf -o got "$url/$link" || bad="$bad $link"
done <links
is "$bad" "" "every link leads somewhere"
curl -sf -o got "$url/hostile/image.iso"
check "an ISO comes whole" cmp got folder/hostile.iso
for anchor in $(grep -o 'href="#[^"]*"' seen.html | sed 's/^href="#\(.*\)"$/\1/'); do
	check "the section \"$anchor\" is there" grep -q " id=\"$anchor\"\|<section id=\"$anchor\"" seen.html
done

# Without an image, too.
rm -rf folder/*.iso folder/old
check "all go" wait_for 10 grep -q 'The folder holds no image' mnt/index.html
cat mnt/index.html >empty.html
is "$(tidy -quiet -errors empty.html 2>&1 | head -n 20)" "" "tidy finds nothing wrong with an empty one"
check "a browser reads that" dom seen.html
check "which says so" grep -q 'The folder holds no image' seen.html

plan
