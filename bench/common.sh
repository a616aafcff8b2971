# What the scripts that measure share: where things are, how a program is measured, and how a table is printed.

target=$PWD/${CARGO_TARGET_DIR:-target}
[[ ${CARGO_TARGET_DIR:-} = /* ]] && target=$CARGO_TARGET_DIR
tools=$target/release work=$target/bench
syndicated=${SYNDICATED:-$tools/syndicated}
results=$(mktemp -d "${TMPDIR:-/tmp}/syndicated-bench.XXXXXX")
trap 'rm -rf "$results" "$work/old"' EXIT

# Out of the way, and removed at the end: ext4 gives new files no inode that was freed within the last minutes, and looks
# for others one by one, so that a run after `rm -rf` would measure that search.
put_away() {
  local path
  mkdir -p "$work/old"
  for path in "$@"; do
    [[ ! -e $path ]] || mv "$path" "$(mktemp -d "$work/old/XXXXXX")/"
  done
}

say() { echo "bench: $*" >&2; }

# A virtual machine gets memory from its host when it first touches it, at ten times the cost of writing a file to it, and
# gives back what it has not used for a while: what the runs may write is touched before them.
touch_memory() {
  local mebibytes
  mebibytes=$(awk '/^MemAvailable/ {print int($2 / 2048)}' /proc/meminfo)
  dd if=/dev/zero of=/dev/null bs="$((mebibytes < 4096 ? mebibytes : 4096))M" count=1 iflag=fullblock status=none
}

# The median of a column of a file, by default of the first.
median() { awk -v c="${2:-1}" '{print $c}' "$1" | sort -g | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
calc() { awk "BEGIN {printf \"$1\", $2}"; }
seconds() { calc '%.2f s' "$1"; }
megabytes() { calc '%.0f MB' "$1 * 1024 / 1000000"; }
value() { awk -v name="$1" '$1 == name {print $2}' "$2"; }

# A corpus is made once; its configuration is written last, so a broken-off one is made again.
corpus() { # LAYOUT POSTS
  local site=$work/$1-$2-$categories
  if ! [[ -e $site/_config.yml || -e $site/hugo.toml ]]; then
    say "writing $2 posts for $1"
    rm -rf "$site"
    "$tools/corpus" --out "$site" --posts "$2" --categories "$categories" --irregular 0 --layout "$1" >&2
  fi
  find "$site" -type f -exec cat {} + >/dev/null
}

row() { printf '| %s | %s | %s | %s | %s |\n' "$@"; }

machine() { # HOW_OFTEN
  echo "$(date -u +%F), $(nproc) × $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), Linux $(uname -r), $(findmnt -no FSTYPE -T "$work"), $1"
}
