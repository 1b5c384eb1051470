# frozen_string_literal: true

describe "a Compose project" do
  file = <<~YAML
    name: fleet
    services:
      flagship:
        image: #{ContainerImage::NAME}
        pull_policy: never
        command: sleep infinity
        stop_signal: SIGKILL
        volumes: ["hold:/hold"]
      escort:
        image: #{ContainerImage::NAME}
        pull_policy: never
        command: sleep infinity
        stop_signal: SIGKILL
        depends_on: [flagship]
    volumes:
      hold: {}
  YAML
  compose = "docker compose --file #{ContainerImage::FOLDER}/compose.yaml --progress quiet"

  before(:context) do
    ContainerImage.load(RUNNING)
    RUNNING.run!("cat >#{ContainerImage::FOLDER}/compose.yaml", file)
  end

  it "goes up and down, and leaves nothing behind" do
    RUNNING.run!("#{compose} up --detach")
    running = RUNNING.run!("#{compose} ps --services --status running").split
    RUNNING.run!("#{compose} down --volumes")
    left = RUNNING.run!("docker ps --all --quiet --filter label=com.docker.compose.project=fleet; docker network ls --quiet --filter label=com.docker.compose.project=fleet; docker volume ls --quiet --filter label=com.docker.compose.project=fleet")
    expect([running.sort, left]).to eq [%w[escort flagship], ""]
  end
end
