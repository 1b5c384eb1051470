# frozen_string_literal: true

# What belongs to one machine or one build: shared by every card that is written, it is a leak or a collision.
describe "leftovers", :unbooted do
  {
    "host keys" => "etc/ssh/ssh_host_*", "log files" => "var/log/**/*.log*", "package lists" => "var/lib/apt/lists/*_*",
    "downloaded packages" => "var/cache/apt/archives/*.deb", "package caches" => "var/cache/apt/*.bin",
    "qemu" => "usr/bin/qemu-*", "qemu's interpreters" => "usr/libexec/qemu-binfmt/*",
    "old package database" => "var/lib/dpkg/*-old", "old debconf database" => "var/cache/debconf/*-old",
    "old user database" => "etc/{passwd,shadow,group,gshadow,subuid,subgid}-", "temporary files" => "{tmp,var/tmp}/*",
    "shell history" => "root/.*_history", "random seed" => "var/lib/systemd/random-seed",
    "D-Bus machine id" => "var/lib/dbus/machine-id", "unconfigured files" => "etc/**/*.dpkg-{new,tmp,dist}",
    "the build's service policy" => "usr/sbin/policy-rc.d*", "stand-ins" => "usr/{bin,sbin}/*.original",
    "lent programs" => ".lent*", "cloud-init's memory" => "var/lib/cloud/{instance,instances,data,sem}/*",
    "container data" => "var/lib/{docker,containerd}/*", "authorized keys" => "{root,home/*}/.ssh/authorized_keys",
    "core dumps" => "{,root/,var/crash/}core*", "ldconfig's scratch" => "var/cache/ldconfig/aux-cache"
  }.each do |what, pattern|
    it("have no #{what}") { expect(TREE.glob(pattern)).to eq [] }
  end

  describe file("/etc/machine-id") do
    its(:size) { is_expected.to eq 0 }
  end

  it("have no log") { expect(TREE.files.grep(%r{\A/var/log/})).to eq [] }
  it("have no other machine's name server") { expect(TREE.glob("etc/resolv.conf").map { |name| File.symlink?(File.join(TREE.root, name)) }).to all(be(true)) }
  it("have nothing in a folder that is mounted over") { expect(TREE.glob("{proc,sys,run}/*")).to eq [] }
end
