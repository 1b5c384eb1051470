# frozen_string_literal: true

require "support/kernel"

describe "kernel" do
  # Where each kind of image says what it is.
  magic = { "arm64" => [56, "ARM\x64"], "armhf" => [36, "\x18\x28\x6f\x01"], "armel" => [36, "\x18\x28\x6f\x01"], "amd64" => [514, "HdrS"] }.fetch(ARCHITECTURE)

  it("is one") { expect(TREE.glob("boot/vmlinuz-*").length).to eq 1 }
  it("is an image for #{ARCHITECTURE}") { expect(File.binread(TREE.path("/boot/vmlinuz-#{KERNEL.release}"), magic.last.bytesize, magic.first)).to eq magic.last.b }
  # The others are compressed.
  if ARCHITECTURE == "arm64"
    it("says its release, and who built it, never where or when") do
      version = File.binread(TREE.path("/boot/vmlinuz-#{KERNEL.release}"))[/Linux version [^\n]*/]
      expect(version).to start_with("Linux version #{KERNEL.release} (builder@hypriotos)")
      expect(version).to include Time.at(ENV.fetch("SOURCE_DATE_EPOCH").to_i).utc.strftime("%a %b %e %H:%M:%S UTC %Y")
    end
  end
  it("has its symbols") { expect(TREE.read("/boot/System.map-#{KERNEL.release}")).to match(/ T _?start_kernel$/) }
end

describe "config" do
  it("is of this architecture") do
    option = { "arm64" => "ARM64", "armhf" => "ARM", "armel" => "ARM", "amd64" => "X86_64" }.fetch(ARCHITECTURE)
    expect(KERNEL.config["CONFIG_#{option}"]).to eq "y"
  end
  KERNEL.wanted.each do |file, option, value|
    it("has #{option}=#{value}, as #{file} says") { expect(KERNEL.config.fetch(option, "n")).to eq value }
  end
end

describe "modules" do
  it("are all of this kernel") { expect(KERNEL.modinfo("vermagic").reject { |_, vermagic| vermagic.start_with?("#{KERNEL.release} ") }).to eq({}) }
  it("find all that they need") { expect(KERNEL.unresolved).to eq "" }
  it("have no lists that depmod makes where it is installed") { expect(TREE.glob("usr/lib/modules/*/modules.{dep,alias,symbols}*")).to eq [] }
  if KERNEL.config["CONFIG_MODULES"] == "y"
    it("are listed in their order") do
      ordered = TREE.read("#{KERNEL.folder}/modules.order").lines.map { |line| line.chomp.sub(/\.o\z/, ".ko") }
      expect(KERNEL.modules.map { |name| name.delete_prefix("#{KERNEL.folder}/").sub(/\.ko(\.\w+)?\z/, ".ko") }).to match_array ordered
    end
  end
end

describe "device trees" do
  it("are device trees") { expect(KERNEL.device_trees.reject { |name| File.binread(TREE.path(name), 4).unpack1("N") == 0xd00dfeed }).to eq [] }
end
