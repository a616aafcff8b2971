# Arguments: the package, and a site that the service is to serve. Every command has to succeed (bash -eu).
package=$1 site=$2 over=/mnt
fail() { echo "$*"; exit 1; }
mount -t tmpfs none "$over"
mkdir "$over"/{new,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$over/new,workdir=$over/work" "$over/root"
root=$over/root
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
in_root() { chroot "$root" env PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
# What the test itself brings is no part of what the package leaves.
cp "$package" "$root/syndicated.deb"
cp -r "$site" "$root/srv/site"
# An image of a container leaves manual pages out.
rm -f "$root"/etc/dpkg/dpkg.cfg.d/*
files() { (cd "$over/new" && find . -path ./proc -prune -o -path ./dev -prune -o ! -type d -print | grep -Ev '^./(var/(lib/dpkg|cache|log)|run|tmp)/' | sort); }
before=$(files)

in_root dpkg --install /syndicated.deb
dpkg-deb --contents "$package" | awk '$1 !~ /^d/ { print $6 }' | while read -r file; do
  [ -e "$root/$file" ] || fail "$file is not there"
done
unit=/usr/lib/systemd/system/syndicated.service
in_root getent passwd syndicated | grep -q '/var/lib/syndicated:/usr/sbin/nologin$' || fail "no user: $(in_root getent passwd syndicated)"
mkdir -p "$over/empty/etc" "$over/empty/usr/lib/sysusers.d"
cp "$root/usr/lib/sysusers.d/syndicated.conf" "$over/empty/usr/lib/sysusers.d/"
systemd-sysusers --root="$over/empty" syndicated.conf
grep -q ^syndicated: "$over/empty/etc/passwd" || fail "no user by systemd-sysusers --root"
said=$(in_root systemd-analyze verify "$unit" 2>&1) || fail "$said"
! grep syndicated <<<"$said" || fail "the unit is not sound"
in_root systemd-analyze security --offline=true --threshold=15 "$unit" >/dev/null || fail "exposure over 1.5"
# Nothing starts before the site is named.
[ ! -e "$root/etc/systemd/system/multi-user.target.wants/syndicated.service" ] || fail "it is enabled"
state=/var/lib/syndicated/state feeds=/var/lib/syndicated/feeds
run() { in_root setpriv --reuid syndicated --regid syndicated --clear-groups bash -c "umask $1; shift; exec \"\$@\"" - "$@"; }
in_root install -d -o syndicated -g syndicated -m 755 /var/lib/syndicated
code=0
said=$(run 0022 /usr/bin/syndicated build --config /etc/syndicated/config.toml --out $feeds --state $state 2>&1) || code=$?
[ "$code" = 2 ] && grep -q 'address is not known' <<<"$said" || fail "$code without a site: $said"
sed -i 's|^#path = .*|path = "/srv/site"|' "$root/etc/syndicated/config.toml"
chmod -R go-w,a+rX "$root/srv/site"
# The unit says 0022; whatever is set elsewhere, feeds are for everybody's eyes.
umask=$(sed -n 's/^UMask=//p' "$root$unit")
run "$umask" /usr/bin/syndicated build --config /etc/syndicated/config.toml --out $feeds --state $state
in_root setpriv --reuid nobody --regid nogroup --clear-groups cat $feeds/tech/atom.xml | grep -q '<feed' || fail "nobody cannot read the feeds"
[ -z "$(find "$root$feeds" \( -type d ! -perm 0755 -o -type f -name '*.xml' ! -perm 0644 \) -print)" ] || fail "modes: $(ls -lR "$root$feeds")"

if [ -x "$root/usr/bin/man" ]; then
  for page in "$root"/usr/share/man/man1/syndicated*.1.gz; do
    said=$(in_root man --warnings -l "${page#"$root"}" 2>&1 >/dev/null)
    [ -z "$said" ] || fail "$page: $said"
  done
else
  echo "SKIPPED: no man here to show the manual pages"
fi
in_root bash -euc '. /usr/share/bash-completion/completions/syndicated
  COMP_WORDS=(syndicated bui) COMP_CWORD=1
  _syndicated syndicated bui syndicated
  [ "${COMPREPLY[*]}" = build ]' || fail "bash does not complete"

in_root dpkg --install /syndicated.deb
grep -q '^path = "/srv/site"' "$root/etc/syndicated/config.toml" || fail "an upgrade undid the configuration"
in_root dpkg --remove syndicated
[ ! -e "$root/usr/bin/syndicated" ] && [ -e "$root/etc/syndicated/config.toml" ] && [ -d "$root$state" ] || fail "removing takes too much or too little"
in_root dpkg --purge syndicated
[ ! -e "$root/etc/syndicated" ] && [ ! -e "$root$state" ] && [ -e "$root$feeds/atom.xml" ] || fail "purging takes too much or too little"
# The feeds stay, and the user: files of its may be anywhere.
left=$(comm -13 <(echo "$before") <(files) | grep -Ev '^./(var/lib/syndicated/feeds/|etc/(passwd|group|shadow|gshadow)-?$|etc/.pwd.lock$)') || true
[ -z "$left" ] || fail "left: $left"
echo "all of it holds"
