#!/bin/bash
# Process 1 of a lab's host, in fresh namespaces: gives it a root of its own and goes on until its input
# ends. Whoever holds the other end of that input may die in any way: the host dies with it, and with the
# host its processes, mounts, loop devices and network.
#   boot.sh <folder> <name>     the folder has `cgroup`, `disks`, `key.pub` and host keys
set -euo pipefail
dir=$1 name=$2 root=$1/root

# A file system on a file, mounted: <image> <MiB> <where> [mkfs.ext4 arguments]
disk() {
  local image=$1 mib=$2 where=$3
  shift 3
  truncate -s "${mib}M" "$image"
  mkfs.ext4 -q -F "$@" "$image"
  mkdir -p "$where"
  mount -o loop "$image" "$where"
}

mount --make-rprivate /
disk "$dir/root.img" 1024 "$root" -m 1
cd "$root"
rmdir lost+found
mkdir -p usr etc/ssh etc/docker etc/sudoers.d etc/logrotate.d home opt srv mnt root run/sshd tmp proc sys dev .outside \
  var/lib/docker var/lib/logrotate var/log var/tmp var/spool
chmod 1777 tmp var/tmp
ln -s /run var/run
ln -s /proc/mounts etc/mtab

# Programs are the machine's, read-only; /usr/local is the host's own.
mount --bind /usr usr
mount -o remount,bind,ro usr
mount -t tmpfs -o size=16m,mode=755 local usr/local
mkdir -p usr/local/bin usr/local/sbin usr/local/lib
for entry in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$entry" ]; then
    cp -P "/$entry" "$entry"
  elif [ -d "/$entry" ]; then
    mkdir "$entry"
    mount --bind "/$entry" "$entry"
    mount -o remount,bind,ro "$entry"
  fi
done
for entry in alternatives debian_version ld.so.cache ld.so.conf ld.so.conf.d login.defs nsswitch.conf os-release pam.conf \
  pam.d protocols security services shells ssl/certs java-11-openjdk java-17-openjdk java-21-openjdk; do
  if [ -e "/etc/$entry" ]; then
    mkdir -p "etc/$(dirname "$entry")"
    cp -a "/etc/$entry" "etc/$entry"
  fi
done

# Accounts: root, one that may use sudo, one in the docker group, one with no right at all.
cat >etc/passwd <<END
root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
sshd:x:102:65534::/run/sshd:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
sudoer:x:2001:2001:may use sudo:/home/sudoer:/bin/bash
docker:x:2002:2002:in the docker group:/home/docker:/bin/bash
plain:x:2003:2003:no right at all:/home/plain:/bin/sh
END
cat >etc/group <<END
root:x:0:
daemon:x:1:
adm:x:4:
nogroup:x:65534:
docker:x:106:docker
sudoer:x:2001:
users:x:2002:
plain:x:2003:
END
cut -d: -f1 etc/passwd | sed 's/$/:*:19000:0:99999:7:::/' >etc/shadow
chmod 600 etc/shadow
printf 'root ALL=(ALL:ALL) ALL\nsudoer ALL=(root) NOPASSWD: ALL\n' >etc/sudoers
chmod 440 etc/sudoers
echo "$name" >etc/hostname
printf '127.0.0.1 localhost %s\n' "$name" >etc/hosts
for account in root:0:0:root sudoer:2001:2001:home/sudoer docker:2002:2002:home/docker plain:2003:2003:home/plain; do
  IFS=: read -r _ uid gid home <<<"$account"
  mkdir -p "$home/.ssh"
  cp "$dir/key.pub" "$home/.ssh/authorized_keys"
  chmod 700 "$home" "$home/.ssh"
  chown -R "$uid:$gid" "$home"
done
cp "$dir/host_key" "$dir/host_key.pub" etc/ssh/
chmod 600 etc/ssh/host_key
cat >etc/ssh/sshd_config <<END
HostKey /etc/ssh/host_key
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
MaxSessions 50
MaxStartups 100
END

# Further disks: <MiB> <where> <also, or -> [mkfs.ext4 arguments]. `also`: a folder of it is mounted there, too.
number=0
while read -r mib where also options; do
  number=$((number + 1))
  # shellcheck disable=SC2086 # several arguments
  disk "$dir/disk$number.img" "$mib" "$root$where" $options
  chmod 755 "$root$where"
  if [ "$also" != - ]; then
    mkdir -p "$root$where/${also##*/}" "$root$also"
    mount --bind "$root$where/${also##*/}" "$root$also"
  fi
done <"$dir/disks"

hostname "$name"
ip link set lo up
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
# The host's own part of every hierarchy. Its processes are in a leaf, else version 2 hands nothing further down.
cgroup=$(cat "$dir/cgroup")
mount -t tmpfs -o size=1m,mode=755 cgroup sys/fs/cgroup
for tree in /sys/fs/cgroup /sys/fs/cgroup/*; do
  [ -e "$tree/$cgroup/cgroup.procs" ] || continue
  echo 1 >"$tree/$cgroup/init/cgroup.procs"
  own=${tree#/}
  mkdir -p "$own"
  mount --bind "$tree/$cgroup" "$own"
  for controller in $(cat "$own/cgroup.controllers" 2>/dev/null); do
    echo "+$controller" >"$own/cgroup.subtree_control" || true
  done
done
mount -t tmpfs -o size=8m,mode=755 dev dev
for node in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0; do
  IFS=: read -r file major minor <<<"$node"
  mknod -m 666 "dev/$file" c "$major" "$minor"
done
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
ln -s pts/ptmx dev/ptmx
mkdir dev/pts dev/shm dev/mqueue
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts dev/pts
mount -t tmpfs -o size=64m,mode=1777 shm dev/shm
mount -t tmpfs -o size=64m,mode=755 run run
mkdir -p run/sshd run/lock

pivot_root . .outside
umount -l /.outside
rmdir /.outside
cd /
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 chroot / \
  bash -c '/usr/sbin/sshd -D -E /run/sshd.log & echo ready; cat; exit'
