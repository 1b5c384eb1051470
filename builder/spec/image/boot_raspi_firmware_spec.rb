# frozen_string_literal: true

if BOARD.dig("boot", "method") == "raspi-firmware"
  describe "Raspberry Pi boot partition" do
    version = TREE.kernel_versions.last

    describe package("raspi-firmware") do
      it { is_expected.to be_installed }
    end

    %w[
      bootcode.bin fixup.dat fixup_cd.dat fixup_db.dat fixup_x.dat start.elf start_cd.elf start_db.elf start_x.elf
      fixup4.dat fixup4cd.dat fixup4db.dat fixup4x.dat start4.elf start4cd.elf start4db.elf start4x.elf
    ].each do |name|
      it("has #{name} as the package ships it") do
        expect(TREE.digest("/boot/firmware/#{name}")).to eq TREE.digest("/usr/lib/raspi-firmware/#{name}")
      end
    end

    %W[vmlinuz-#{version} initrd.img-#{version}].each do |name|
      it("has #{name} as /boot has it") do
        expect(TREE.digest("/boot/firmware/#{name}")).to eq TREE.digest("/boot/#{name}")
      end
    end

    it("has one kernel") { expect(TREE.glob("boot/firmware/vmlinuz-*").length).to eq 1 }
    it("is the active partition") { expect(IMAGE.partition(1)["bootable"]).to be true }
  end

  describe "config.txt" do
    config = TREE.read("/boot/firmware/config.txt")
    version = TREE.kernel_versions.last

    it("starts the kernel") { expect(config).to match(/^kernel=vmlinuz-#{Regexp.escape(version)}$/) }
    it("loads the initramfs") { expect(config).to match(/^initramfs initrd\.img-#{Regexp.escape(version)}$/) }
    it("has the serial port on") { expect(config).to match(/^enable_uart=1$/) }
    it("takes Debian's device trees") { expect(config).to match(/^upstream_kernel=1$/) }
    it("starts #{ARCHITECTURE == "arm64" ? "64" : "32"} bit") { expect(config.match?(/^arm_64bit=1$/)).to be(ARCHITECTURE == "arm64") }
  end

  describe "cmdline.txt" do
    lines = TREE.read("/boot/firmware/cmdline.txt").lines
    arguments = lines.first.to_s.split

    it("is one line") { expect(lines.length).to eq 1 }
    it("has the root partition") { expect(arguments).to include "root=PARTUUID=#{IMAGE.partuuid(2)}" }
    it("has one root") { expect(arguments.grep(/\Aroot=/).length).to eq 1 }
    it("has the screen as a console") { expect(arguments).to include "console=tty0" }
    it("has the serial console last, for systemd") { expect(arguments.grep(/\Aconsole=/).last).to eq "console=#{BOARD["console"]}" }
    it("waits for the card") { expect(arguments).to include "rootwait" }
    it("repairs file systems") { expect(arguments).to include "fsck.repair=yes" }
    it("names interfaces eth0, wlan0") { expect(arguments).to include "net.ifnames=0" }
    it("lets containers limit memory") { expect(arguments).to include "cgroup_enable=memory" }
    it("reserves no contiguous memory") { expect(arguments.grep(/\Acma=/)).to eq [] }
    it("is not quiet") { expect(arguments).not_to include "quiet" }
    it("names no device of a build host") { expect(arguments.grep(%r{/dev/})).to eq [] }
  end

  describe file("/etc/default/raspi-firmware") do
    its(:content) { is_expected.to match(/^ROOTPART=PARTUUID=#{IMAGE.partuuid(2)}$/) }
    its(:content) { is_expected.to match(/^CONSOLES="tty0 #{Regexp.escape(BOARD["console"])}"$/) }
    its(:content) { is_expected.to match(/^CMA=0$/) }
  end

  %w[/etc/kernel/postinst.d/z50-raspi-firmware /etc/initramfs/post-update.d/z50-raspi-firmware].each do |path|
    describe file(path) do
      it { is_expected.to be_executable }
    end
  end
end
