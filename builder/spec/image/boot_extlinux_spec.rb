# frozen_string_literal: true

if BOARD.dig("boot", "method") == "u-boot" || BOARD.dig("boot", "script") == "extlinux"
  describe package("u-boot-menu") do
    it { is_expected.to be_installed }
  end

  describe "extlinux.conf" do
    config = TREE.read("/boot/extlinux/extlinux.conf")
    version = TREE.kernel_versions.last
    arguments = config[/^\s*append (.*)$/, 1].to_s.split

    it("is on the active partition") { expect(IMAGE.partition(2)["bootable"]).to be true }
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
