# frozen_string_literal: true

describe "kernel" do
  version = TREE.kernel_versions.last

  describe package(BOARD.dig("kernel", "package")) do
    it { is_expected.to be_installed }
  end

  it("is one") { expect(TREE.kernel_versions.length).to eq 1 }

  %W[/boot/vmlinuz-#{version} /boot/initrd.img-#{version} /boot/config-#{version} /boot/System.map-#{version}].each do |path|
    describe file(path) do
      it { is_expected.to be_file }
      its(:size) { is_expected.to be > 0 }
    end
  end

  # What Docker's own check-config.sh asks for, and what containers commonly use.
  %w[
    NAMESPACES NET_NS PID_NS IPC_NS UTS_NS USER_NS CGROUPS CGROUP_CPUACCT CGROUP_DEVICE CGROUP_FREEZER CGROUP_SCHED
    CGROUP_PIDS CGROUP_BPF CGROUP_PERF CGROUP_NET_PRIO CGROUP_NET_CLASSID CGROUP_WRITEBACK CPUSETS MEMCG BLK_CGROUP
    BLK_DEV_THROTTLING FAIR_GROUP_SCHED CFS_BANDWIDTH KEYS SECCOMP SECCOMP_FILTER POSIX_MQUEUE EXT4_FS
    EXT4_FS_POSIX_ACL EXT4_FS_SECURITY OVERLAY_FS VETH BRIDGE BRIDGE_NETFILTER BRIDGE_VLAN_FILTERING VLAN_8021Q
    MACVLAN IPVLAN VXLAN DUMMY NF_NAT NF_CONNTRACK NETFILTER_XT_MATCH_ADDRTYPE NETFILTER_XT_MATCH_CONNTRACK
    NETFILTER_XT_MATCH_IPVS NETFILTER_XT_MARK NF_TABLES NFT_NAT NFT_MASQ NFT_CT NFT_COMPAT IP_VS IP_VS_NFCT
    IP_VS_PROTO_TCP IP_VS_PROTO_UDP IP_VS_RR INET_ESP XFRM_USER CRYPTO_GCM DEVTMPFS TMPFS PROC_FS SYSFS AUTOFS_FS
    VFAT_FS FUSE_FS SQUASHFS
  ].each do |option|
    it("has CONFIG_#{option}") { expect(TREE.kernel_config["CONFIG_#{option}"]).to match(/\A[ym]\z/) }
  end

  %w[
    overlay br_netfilter bridge veth nf_nat nf_conntrack nf_tables nft_chain_nat nft_compat xt_conntrack xt_MASQUERADE
    xt_addrtype xt_nat xt_mark xt_comment xt_multiport ip_vs vxlan macvlan ipvlan dummy tun ext4 vfat nls_ascii fuse
  ].each do |name|
    it("can load #{name}") { expect(TREE.kernel_modules).to include name.tr("-", "_") }
  end

  it("has every module that modules.dep lists", :unbooted) do
    folder = "/usr/lib/modules/#{version}"
    names = TREE.read("#{folder}/modules.dep").split.map { |name| name.delete_suffix(":") }.uniq
    expect(names.reject { |name| TREE.exist?("#{folder}/#{name}") }).to eq []
  end
end

describe "initramfs", :unbooted do
  version = TREE.kernel_versions.last
  listed = nil
  let(:listing) { listed ||= `#{["chroot", TREE.root, "lsinitramfs", "/boot/initrd.img-#{version}"].shelljoin} 2>/dev/null`.lines.map(&:chomp) }

  %w[init conf/initramfs.conf scripts/local scripts/functions usr/bin/udevadm usr/sbin/modprobe].each do |name|
    it("has #{name}") { expect(listing).to include(name).or include(name.delete_prefix("usr/")) }
  end

  %w[ext4 mmc_block].each do |name|
    it("can load #{name}") { expect(listing.grep(%r{/#{name}\.ko}).any? || TREE.read("/usr/lib/modules/#{version}/modules.builtin").include?("/#{name}.ko")).to be true }
  end

  it("has modules of this kernel only") { expect(listing.grep(%r{lib/modules/[^/]+/}).reject { |name| name.include?("lib/modules/#{version}/") }).to eq [] }
  # By content: a program that the build lent to the tree has the name of the right one.
  it "has no program or library of another architecture" do
    folder = Dir.mktmpdir("initramfs", File.join(TREE.root, "var/tmp"))
    system("chroot", TREE.root, "unmkinitramfs", "/boot/initrd.img-#{version}", folder.delete_prefix(TREE.root))
    initramfs = Tree.new(folder)
    expect(initramfs.files.length).to be > 200
    expect(initramfs.foreign_programs(ARCHITECTURE)).to eq []
  ensure
    FileUtils.rm_rf(folder)
  end
  it("has a checker for the root file system") { expect(listing.grep(%r{sbin/fsck\.ext4\z})).not_to be_empty }
end
