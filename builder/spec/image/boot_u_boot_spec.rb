# frozen_string_literal: true

if BOARD.dig("boot", "method") == "u-boot"
  describe "U-Boot" do
    boot = BOARD["boot"]
    loader = "/usr/lib/u-boot/#{boot["file"]}"

    [boot["package"], "u-boot-menu"].each do |name|
      describe package(name) do
        it { is_expected.to be_installed }
      end
    end

    it("lies at #{boot["offsetKiB"]} KiB as the package ships it") do
      written = IMAGE.bytes(boot["offsetKiB"] * 1024, File.size(TREE.path(loader)))
      expect(Digest::SHA256.hexdigest(written)).to eq TREE.digest(loader)
    end

    it("leaves the partition table alone") { expect(IMAGE.bytes(510, 2).unpack("CC")).to eq [0x55, 0xaa] }
    it("ends before the first partition") { expect(boot["offsetKiB"] * 1024 + File.size(TREE.path(loader))).to be <= 4 * 1024 * 1024 }
    it("finds extlinux.conf on the active partition") { expect(IMAGE.partition(2)["bootable"]).to be true }
  end

  describe "extlinux.conf" do
    config = TREE.read("/boot/extlinux/extlinux.conf")
    version = TREE.kernel_versions.last
    arguments = config[/^\s*append (.*)$/, 1].to_s.split

    it("starts the kernel") { expect(config).to match(%r{^\s*linux /boot/vmlinuz-#{Regexp.escape(version)}$}) }
    it("loads the initramfs") { expect(config).to match(%r{^\s*initrd /boot/initrd\.img-#{Regexp.escape(version)}$}) }
    it("has device trees") { expect(config).to match(%r{^\s*fdtdir /\S+}) }
    it("has the root partition") { expect(arguments).to include "root=PARTUUID=#{IMAGE.partuuid(2)}" }
    it("has the serial console last, for systemd") { expect(arguments.grep(/\Aconsole=/).last).to eq "console=#{BOARD["console"]}" }
    it("has the screen as a console") { expect(arguments).to include "console=tty0" }
    it("waits for the card") { expect(arguments).to include "rootwait" }
    it("mounts the root partition writable") { expect(arguments).to include "rw" }
    it("names interfaces eth0, wlan0") { expect(arguments).to include "net.ifnames=0" }
    it("lets containers limit memory") { expect(arguments).to include "cgroup_enable=memory" }

    BOARD["deviceTrees"].each do |name|
      it("finds #{name}") { expect(TREE.exist?(File.join(config[/^\s*fdtdir (\S+)/, 1], name))).to be true }
    end
  end

  describe file("/etc/default/u-boot") do
    its(:content) { is_expected.to match(/^U_BOOT_ROOT="root=PARTUUID=#{IMAGE.partuuid(2)}"$/) }
  end
end
