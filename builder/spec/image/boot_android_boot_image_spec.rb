# frozen_string_literal: true

if BOARD.dig("boot", "method") == "android-boot-image"
  # It lies beside the card's image, so a board that runs does not have it.
  describe "Android boot image", :unbooted do
    version = TREE.kernel_versions.last
    folder = Dir.mktmpdir("boot-image-")
    file = File.join(ENV.fetch("DIST"), "#{ENV.fetch("IMAGE")}.boot.img")
    text, status = Open3.capture2e("unpack_bootimg", "--boot_img", file, "--out", folder)
    arguments = text[/^command line args: (.*)$/, 1].to_s.split
    digest = ->(name) { Digest::SHA256.file(File.join(folder, name)).hexdigest }
    after(:all) { FileUtils.rm_rf(folder) }

    it("can be read") { expect(status.exitstatus).to eq 0 }
    it("has the page size that the boot loader wants") { expect(text[/^page size: (\d+)$/, 1].to_i).to eq BOARD.dig("boot", "pageSizeBytes") }
    it("has the card's kernel") { expect(digest.call("kernel")).to eq TREE.digest("/boot/vmlinuz-#{version}") }
    it("has the card's initramfs") { expect(digest.call("ramdisk")).to eq TREE.digest("/boot/initrd.img-#{version}") }
    it("has #{BOARD["deviceTrees"].first}") do
      expect(digest.call("dtb")).to eq TREE.digest("/usr/lib/linux-image-#{version}/#{BOARD["deviceTrees"].first}")
    end
    it("has the card's root partition") { expect(arguments).to include "root=PARTUUID=#{IMAGE.partuuid(2)}" }
    it("has the serial console last, for systemd") { expect(arguments.grep(/\Aconsole=/).last).to eq "console=#{BOARD["console"]}" }
    it("waits for the card") { expect(arguments).to include "rootwait" }
    it("names interfaces eth0, wlan0") { expect(arguments).to include "net.ifnames=0" }
    it("lets containers limit memory") { expect(arguments).to include "cgroup_enable=memory" }
  end
end
