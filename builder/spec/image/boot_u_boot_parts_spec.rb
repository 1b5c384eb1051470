# frozen_string_literal: true

if BOARD.dig("boot", "method") == "u-boot-parts"
  boot = BOARD["boot"]

  describe "U-Boot in parts" do
    loader = BootParts.of(boot)
    pins = JSON.parse(File.read(File.join(ENV.fetch("WORKSPACE"), "versions.json"))).fetch("firmware", {})

    boot["parts"].filter_map { |part| part["package"] }.uniq.each do |name|
      describe package(name) do
        it { is_expected.to be_installed }
      end
    end

    loader.parts.each do |part|
      it("has #{part.name} at #{part.start} bytes, whole but for later parts") do
        wanted, found = loader.digests(part, TREE, IMAGE)
        expect(found).to eq wanted
      end
      it("ends #{part.name} before the first partition") { expect(loader.end_of(part, TREE)).to be <= 4 * 1024 * 1024 }
      next unless part.vendor

      # A running board may be of another version than the clone that tests it.
      it("has #{part.name} as versions.json pins it", :unbooted) { expect(TREE.digest(part.path)).to eq pins.dig(part.name, "sha256") }
      it("says whose #{part.name} is", :unbooted) do
        license = boot["parts"].find { |other| other["name"] == part.name }["license"]
        expect(TREE.read("#{part.path}.license")).to eq "#{license}\n"
      end
    end

    it("leaves the partition table alone") { expect(IMAGE.bytes(510, 2).unpack("CC")).to eq [0x55, 0xaa] }
  end

  %w[kernel/postinst.d kernel/postrm.d initramfs/post-update.d].each do |hook|
    next if boot["script"] == "extlinux"

    describe file("/etc/#{hook}/zz-hypriotos-boot") do
      it { is_expected.to be_executable }
      its(:content) { is_expected.to match(/^exec hypriotos-boot-update$/) }
    end
  end
end
