# frozen_string_literal: true

describe "the running Docker" do
  said = nil
  let(:info) { said ||= JSON.parse(RUNNING.run!("docker info --format '{{json .}}'")) }

  it("stores on overlay2") { expect(info["Driver"]).to eq "overlay2" }
  it("keeps its files on the root partition") { expect(info["DriverStatus"]).to include ["Backing Filesystem", "extfs"] }
  it("lets systemd manage control groups, version 2") { expect(info.values_at("CgroupDriver", "CgroupVersion")).to eq %w[systemd 2] }
  it("can limit memory, processes and processors") { expect(info.values_at("MemoryLimit", "PidsLimit", "CpuCfsQuota")).to eq [true, true, true] }
  it("warns of nothing") { expect(info["Warnings"].to_a).to eq [] }
  it("runs on the board's architecture") { expect(info["Architecture"]).to eq({ "arm64" => "aarch64", "armhf" => "armv7l" }.fetch(ARCHITECTURE)) }

  describe command("docker compose version --short") do
    its(:exit_status) { is_expected.to eq 0 }
  end
end

describe "a container" do
  image = ContainerImage::NAME

  before(:context) { ContainerImage.load(RUNNING) }

  it("comes from a file") { expect(ContainerImage.load(RUNNING)).to include "Loaded image: #{image}" }

  it("says hello") { expect(RUNNING.run!("docker run --rm #{image} sh -c 'echo Hello from $0' HypriotOS")).to eq "Hello from HypriotOS\n" }

  it "has no more memory than it is given" do
    expect(RUNNING.run!("docker run --rm --memory 32m #{image} cat /sys/fs/cgroup/memory.max")).to eq "#{32 * 1024 * 1024}\n"
  end

  it("ends with its own exit code") { expect(RUNNING.run("docker run --rm #{image} sh -c 'exit 7'").exit_status).to eq 7 }

  describe "with a restart policy" do
    before(:context) { RUNNING.run!("docker run --detach --name survivor --restart always #{image} sleep infinity && systemctl restart docker") }
    after(:context) { RUNNING.run!("docker rm --force survivor") }

    it("runs again after Docker's own restart") { expect(RUNNING.run!("docker inspect --format '{{.State.Running}}' survivor")).to eq "true\n" }
  end

  describe "in a network of its own" do
    server = "docker run --detach --network crew --name captain --publish 127.0.0.1:8000:8000 #{image} sh -c 'while echo ahoy | nc -l -p 8000 -N; do :; done'"
    # The server's own first moment is not a container's network.
    client = "n=0; until answer=$(nc -w 10 %s 8000) && [ -n \"$answer\" ] || [ $n -ge 20 ]; do n=$((n + 1)); sleep 0.5; done; echo \"$answer\""

    before(:context) { RUNNING.run!("docker network create crew && #{server}") }
    after(:context) { RUNNING.run!("docker rm --force captain; docker network rm crew") }

    it("is reached by its name from another container") { expect(RUNNING.run!("docker run --rm --network crew #{image} sh -c #{format(client, "captain").shellescape}")).to eq "ahoy\n" }
    it("is reached from the board by a published port") { expect(RUNNING.run!(format(client, "127.0.0.1"))).to eq "ahoy\n" }
    it("hides its address from others by NAT") { expect(RUNNING.run!("iptables --table nat --list-rules POSTROUTING")).to match(/^-A POSTROUTING -s \S+ ! -o br-\h+ -j MASQUERADE$/) }
  end
end
