# frozen_string_literal: true

script = BOARD.dig("boot", "script")

if %w[boot.scr boot.ini].include?(script)
  describe script do
    version = TREE.kernel_versions.last
    path = script == "boot.ini" ? "/boot/firmware/boot.ini" : "/boot/boot.cmd"
    commands = TREE.read(path).lines(chomp: true)
    arguments = commands.join("\n")[/^setenv bootargs "(.*)"$/, 1].to_s.split

    it("has the root partition") { expect(arguments).to include "root=PARTUUID=#{IMAGE.partuuid(2)}" }
    it("has the serial console last, for systemd") { expect(arguments.grep(/\Aconsole=/).last).to eq "console=#{BOARD["console"]}" }
    it("has the screen as a console") { expect(arguments).to include "console=tty0" }
    it("waits for the card") { expect(arguments).to include "rootwait" }
    it("mounts the root partition writable") { expect(arguments).to include "rw" }
    it("names interfaces eth0, wlan0") { expect(arguments).to include "net.ifnames=0" }
    it("lets containers limit memory") { expect(arguments).to include "cgroup_enable=memory" }
    it("starts #{ARCHITECTURE == "arm64" ? "64" : "32"} bit last") do
      expect(commands.last).to start_with(ARCHITECTURE == "arm64" ? "booti " : "bootz ")
    end

    if script == "boot.scr"
      it("is on the active partition") { expect(IMAGE.partition(2)["bootable"]).to be true }
      it("is what boot.cmd says, behind U-Boot's header", :unbooted) do
        expect(File.binread(TREE.path("/boot/boot.scr"))[72..]).to eq File.binread(TREE.path(path))
      end
      %W[/boot/vmlinuz-#{version} /boot/initrd.img-#{version}].each do |name|
        it("loads #{name}") { expect(commands.grep(/^load .* #{Regexp.escape(name)}$/).length).to eq 1 }
      end
      it("looks for the board's device tree where the kernel has them") do
        expect(commands.join("\n")).to match(%r{^if load \S+ \S+ \S+ /usr/lib/linux-image-#{Regexp.escape(version)}/\$\{fdtfile\}})
      end
    else
      header = BOARD.dig("boot", "header")
      tree = BOARD["deviceTrees"].first

      it("is on the active partition") { expect(IMAGE.partition(1)["bootable"]).to be true }
      it("begins as its U-Boot expects") { expect(commands.first).to eq header } if header
      it("loads kernel, initramfs and device tree") do
        expect(commands.grep(/^fatload /).map { |line| line.split.last }).to eq ["vmlinuz", "uInitrd", File.basename(tree)]
      end
      it("has the kernel as /boot has it") { expect(TREE.digest("/boot/firmware/vmlinuz")).to eq TREE.digest("/boot/vmlinuz-#{version}") }
      it("has the initramfs as /boot has it, behind U-Boot's header", :unbooted) do
        wrapped = File.binread(TREE.path("/boot/firmware/uInitrd"))
        expect(wrapped[0, 4].unpack1("N")).to eq 0x27051956
        expect(Digest::SHA256.hexdigest(wrapped[64..])).to eq TREE.digest("/boot/initrd.img-#{version}")
      end
      BOARD["deviceTrees"].each do |name|
        it("has #{name} as the kernel has it") do
          expect(TREE.digest("/boot/firmware/#{File.basename(name)}")).to eq TREE.digest("/usr/lib/linux-image-#{version}/#{name}")
        end
      end
    end
  end
end
