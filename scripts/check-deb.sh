#!/bin/bash
# Shows that the .deb works: installs it on this Debian, starts it as an ordinary user on a virtual display, sees the
# window and the engine, takes a picture, quits, and removes it again. Needs root. Prints a PASS or FAIL per point.
#
#   scripts/check-deb.sh [PACKAGE.deb] [PICTURE.png]        default: the newest in release/, release/check-deb.png
set -u
cd "$(dirname "$0")/.." || exit 1

package=${1:-$(ls -t release/*.deb 2>/dev/null | head -n 1)}
picture=${2:-release/check-deb.png}
user=hmtt-check-$$
home=$(mktemp -d /tmp/hmtt-check-XXXXXX)
failures=0
app_pid=
display_pid=

pass() { echo "PASS  $1"; }
fail() { echo "FAIL  $1"; failures=$((failures + 1)); }
# check WORDS COMMAND...: passes when the command succeeds; what it said is shown only when it fails.
check() {
  local words=$1 said
  shift
  if said=$("$@" 2>&1); then pass "$words"; else fail "$words: ${said:-${*}}"; fi
}
refuse() {
  echo "check-deb: $1" >&2
  exit 2
}
as_user() { runuser -u "$user" -- env HOME="$home" DISPLAY="${display:-}" LANG=C.UTF-8 "$@"; }
# wait_for SECONDS COMMAND...
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.2
  done
}
gone() { ! kill -0 "$1" 2>/dev/null; }
clean_up() {
  for pid in $app_pid $display_pid; do kill "$pid" 2>/dev/null; done
  if dpkg -s hmtt-console >/dev/null 2>&1; then apt-get purge -q -y hmtt-console >/dev/null 2>&1; fi
  if id "$user" >/dev/null 2>&1; then userdel "$user" 2>/dev/null; fi
  rm -rf "$home"
}

[ "$(id -u)" = 0 ] || refuse 'installing a package needs root'
[ -f "$package" ] || refuse 'there is no package; run: npm run dist'
if dpkg -s hmtt-console >/dev/null 2>&1; then refuse 'hmtt-console is installed here already; remove it first'; fi
trap clean_up EXIT
export DEBIAN_FRONTEND=noninteractive

tools=()
command -v Xvfb >/dev/null || tools+=(xvfb)
command -v xdotool >/dev/null || tools+=(xdotool)
command -v scrot >/dev/null || tools+=(scrot)
if [ ${#tools[@]} -gt 0 ]; then
  apt-get update -q >/dev/null && apt-get install -q -y --no-install-recommends "${tools[@]}" >/dev/null ||
    refuse "could not install ${tools[*]}"
fi

echo "check-deb: $package"
check 'installs with its dependencies' apt-get install -q -y --no-install-recommends "$(realpath "$package")"
for file in /usr/bin/hmtt-console /usr/bin/hmtt /usr/share/applications/hmtt-console.desktop \
  /usr/share/icons/hicolor/256x256/apps/hmtt-console.png /usr/share/doc/hmtt-console/copyright; do
  check "brings $file" test -e "$file"
done
check 'the sandbox helper belongs to root and is set-user-id' \
  test "$(stat -c '%U %a' /usr/lib/hmtt-console/chrome-sandbox 2>&1)" = 'root 4755'

useradd --home-dir "$home" --shell /bin/sh "$user" && chown "$user" "$home"
mkdir -p "$home/data" && chown "$user" "$home/data"
check 'the hmtt command answers without a display' as_user hmtt --data "$home/cli-data" version
check 'the hmtt command opens a data folder' as_user hmtt --data "$home/cli-data" --json hosts list

exec 3>"$home/display"
runuser -u "$user" -- Xvfb -displayfd 3 -screen 0 1440x900x24 -nolisten tcp >/dev/null 2>&1 &
display_pid=$!
exec 3>&-
wait_for 20 test -s "$home/display" || refuse 'the virtual display did not start'
display=:$(cat "$home/display")

started=$(date +%s%N)
as_user hmtt-console --data "$home/data" --lang en >"$home/output" 2>&1 &
app_pid=$!
if wait_for 30 as_user xdotool search --onlyvisible --class 'hmtt console'; then
  pass "the window is visible, $((($(date +%s%N) - started) / 1000000)) ms after the start"
else
  fail "no window appeared: $(tail -n 3 "$home/output")"
fi
check 'the engine runs' wait_for 20 grep -q '"state":"running"' "$home/data/console.log"
sleep 3
check "a picture is in $picture" as_user scrot --overwrite "$home/picture.png"
cp "$home/picture.png" "$picture" 2>/dev/null

main_pid=$(pgrep -u "$user" -f '^/usr/lib/hmtt-console/hmtt-console --data|^hmtt-console --data' | head -n 1)
if [ -n "$main_pid" ]; then
  kill -TERM "$main_pid"
  check 'it quits when asked' wait_for 15 gone "$app_pid"
else
  fail 'the main process is not there any more'
fi
check 'no process stays behind' wait_for 5 bash -c "! pgrep -u '$user' -f hmtt-console"

check 'is removed' apt-get purge -q -y hmtt-console
check 'no program file stays behind' test ! -e /usr/lib/hmtt-console -a ! -e /usr/bin/hmtt
check 'the data folder stays' test -f "$home/data/console.db"

if [ "$failures" = 0 ]; then echo 'check-deb: PASS'; else echo "check-deb: FAIL ($failures)"; fi
[ "$failures" = 0 ]
