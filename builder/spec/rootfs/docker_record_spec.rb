# frozen_string_literal: true

# What the root filesystem says of its Docker is what the repository says. Images take it from there.
describe "the record of Docker" do
  workspace = ENV.fetch("WORKSPACE")
  chosen = JSON.parse(File.read("#{workspace}/rootfs.json")).fetch("docker", { "source" => "debian" })
  chosen = { "source" => "debian" } unless chosen.fetch("architectures", []).include?(ARCHITECTURE)
  versions = "#{workspace}/versions.json"
  pinned = File.exist?(versions) ? JSON.parse(File.read(versions)).dig("docker", ARCHITECTURE) || {} : {}
  names = {
    "debian" => { "engine" => %w[docker.io docker-cli], "compose" => %w[docker-compose], "containerd" => %w[containerd] },
    "docker" => { "engine" => %w[docker-ce docker-ce-cli], "compose" => %w[docker-compose-plugin], "containerd" => %w[containerd.io] }
  }.fetch(chosen.fetch("source"))

  it("is there") { expect(TREE.exist?(DockerRecord::FILE)).to be true }
  it("has the source that rootfs.json says") { expect([DOCKER.source, DOCKER.url]).to eq [chosen["source"], chosen["url"]] }

  it "has the pins of versions.json" do
    expect(DOCKER.pins).to eq(pinned.flat_map { |field, version| names.fetch(field).map { |name| [name, version] } }.to_h)
  end

  if chosen["source"] == "docker"
    it "has the key that rootfs.json says" do
      armoured = TREE.read("/etc/apt/sources.list.d/docker.sources")[/^Signed-By:\n(( .*\n)+)/, 1].gsub(/^ \.$/, " ").gsub(/^ /, "")
      expect([armoured, armoured.chomp].map { |text| Digest::SHA256.hexdigest(text) }).to include chosen.dig("key", "sha256")
    end
  end
end
