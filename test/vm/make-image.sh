#!/bin/sh
# Makes the test guest: `make-image.sh FOLDER` writes FOLDER/root.ext4 and FOLDER/vmlinux, a Debian 13
# with its own cloud kernel. Nothing is mounted and no package's kernel scripts are run. With an image
# archive as a second argument the guest has that, and the programs that call runtimes.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
archive=${2:+$(realpath "$2")}
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$out"
tree=$out/tree

packages=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,udev,kmod,login,passwd,util-linux
packages=$packages,procps,iproute2,uidmap,busybox-static,crun,runc,strace,apparmor
[ -z "$archive" ] || packages=$packages,podman,buildah,conmon,catatonit,netavark,containerd,docker.io,docker-cli,iptables

# The kernel is unpacked only: its package would make an initrd, which this guest does without. The
# drivers it boots with are built in.
kernel='cd /tmp && name=$(apt-cache depends linux-image-cloud-amd64 | sed -n "s/.*Depends: \(linux-image-[0-9].*\)/\1/p") &&
  apt-get -qq -o APT::Sandbox::User=root download "$name" && for deb in linux-image-*.deb; do
  dpkg --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C /; done && rm linux-image-*.deb && depmod "$(ls /usr/lib/modules)"'

rm -rf --one-file-system "$tree"
mmdebstrap --quiet --mode=root --variant=minbase --format=directory --include="$packages" \
  --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --customize-hook="chroot \"\$1\" sh -c '$kernel'" trixie "$tree"

# An ELF kernel has an entry for QEMU and is not unpacked in the guest, which takes seconds there.
image=$(ls "$tree"/boot/vmlinuz-*)
for packer in zstd:'\x28\xb5\x2f\xfd' xz:'\xfd7zXZ\x00'; do
  for offset in $(grep -obUaP "${packer#*:}" "$image" | cut -d: -f1); do
    tail -c +$((offset + 1)) "$image" | "${packer%%:*}" -dcq >vmlinux 2>/dev/null || :
    if [ "$(head -c 4 vmlinux | tail -c 3)" = ELF ]; then break 2; fi
  done
done
[ "$(head -c 4 vmlinux | tail -c 3)" = ELF ] || { echo "no kernel in $image" >&2; exit 1; }
rm -rf "$tree"/boot/*

cp -R "$here/guest/." "$tree/"
chmod 755 "$tree/vm/init" "$tree/vm/agent"
chroot "$tree" useradd -m -u 1000 -s /bin/bash user
echo user:100000:65536 >"$tree/etc/subuid"
echo user:100000:65536 >"$tree/etc/subgid"
echo guest >"$tree/etc/hostname"
echo '127.0.0.1 localhost guest' >"$tree/etc/hosts"
echo 0123456789abcdef0123456789abcdef >"$tree/etc/machine-id"

# What containers are made of.
mkdir -p "$tree/vm/rootfs/bin"
(cd "$tree/vm/rootfs" && mkdir dev etc proc root run sys tmp)
cp "$tree/usr/bin/busybox" "$tree/vm/rootfs/bin/"
for name in $("$tree/usr/bin/busybox" --list); do
  [ "$name" = busybox ] || ln -s busybox "$tree/vm/rootfs/bin/$name"
done

dpkg-query --admindir="$tree/var/lib/dpkg" --show --showformat '${Package} ${source:Upstream-Version}\n' >packages

# podman's containers have this root itself, the others those of the archive.
if [ -n "$archive" ]; then
  cp -R "$here/guest-clients/." "$tree/"
  cp "$here/../../packaging/containers.conf.d/sampan.conf" "$tree/etc/containers/containers.conf.d/"
  ln -s /host/sampan "$tree/usr/local/bin/sampan"
  cp "$archive" "$tree/vm/image.tar"
  cp -R "$tree/vm/rootfs" "$tree/vm/box"
  for name in etc/hosts etc/hostname etc/resolv.conf run/.containerenv; do : >"$tree/vm/box/$name"; done
  echo root:x:0:0:root:/root:/bin/sh >"$tree/vm/box/etc/passwd"
  echo root:x:0: >"$tree/vm/box/etc/group"
  # Their daemons are started by the tests.
  for unit in "$tree"/usr/lib/systemd/system/podman* "$tree"/usr/lib/systemd/user/podman* \
    docker.service docker.socket containerd.service; do
    for kind in system user; do
      mkdir -p "$tree/etc/systemd/$kind"
      ln -sf /dev/null "$tree/etc/systemd/$kind/${unit##*/}"
    done
  done
fi

# Every program that is executed at boot costs 50 ms in software emulation.
cd "$tree/etc/systemd"
mkdir -p system-generators user-generators
for kind in system user; do
  for generator in "$tree/usr/lib/systemd/$kind-generators"/*; do
    ln -s /dev/null "$kind-generators/${generator##*/}"
  done
done
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
  systemd-tmpfiles-clean.timer getty.target systemd-random-seed.service systemd-update-utmp.service \
  systemd-modules-load.service systemd-binfmt.service systemd-hwdb-update.service ldconfig.service \
  systemd-pstore.service systemd-journal-flush.service systemd-remount-fs.service \
  systemd-udev-trigger.service sys-kernel-tracing.mount sys-kernel-debug.mount dev-hugepages.mount \
  proc-sys-fs-binfmt_misc.automount modprobe@configfs.service modprobe@drm.service \
  modprobe@efi_pstore.service modprobe@loop.service modprobe@dm_mod.service; do
  ln -sf /dev/null "system/$unit"
done
touch "$tree/etc/.updated" "$tree/var/.updated"

cd "$out"
mke2fs -q -F -t ext4 -O ^has_journal -E lazy_itable_init=1,root_owner=0:0 -m0 -d "$tree" root.ext4 4G
rm -rf --one-file-system "$tree"
