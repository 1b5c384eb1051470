# frozen_string_literal: true

# A container image for tests, made on the board of its own Debian's shell and netcat: the board's architecture, and
# nothing to download.
module ContainerImage
  NAME = "hypriotos/test:1"
  FOLDER = "/var/tmp/hypriotos-test"

  # What `docker load` takes. The libraries are those that the programs ask for, under the names that they ask by.
  MAKE = <<~SHELL
    set -e
    rm -rf #{FOLDER} && mkdir -p #{FOLDER} && cd #{FOLDER}
    programs="/usr/bin/dash /usr/bin/nc.openbsd /usr/bin/sleep /usr/bin/cat"
    tar --create --file=layer.tar --dereference --absolute-names --transform='s,^/,,;s,^usr/bin/dash$,bin/sh,;s,^usr/bin/nc.openbsd$,bin/nc,;s,^usr/bin/,bin/,;s,^usr/lib/ld-,lib/ld-,' \
      $programs $(ldd $programs | grep -o '/[^ :]*[.]so[^ :]*' | sort -u)
    digest=$(sha256sum layer.tar | cut -d' ' -f1)
    printf '{"architecture":"%s","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["sh"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
      "$(docker version --format '{{.Server.Arch}}')" "$digest" >config.json
    printf '[{"Config":"config.json","RepoTags":["#{NAME}"],"Layers":["layer.tar"]}]' >manifest.json
    tar --create --file=image.tar manifest.json config.json layer.tar
  SHELL

  # What `docker load` says. Once for all examples: the first that asks makes it.
  def self.load(board)
    @load ||= board.run!("#{MAKE}docker load --input image.tar")
  end

  # Containers of it are their examples' to remove.
  def self.remove(board)
    board.run("docker rmi --force #{NAME}; rm -rf #{FOLDER}") if @load
  end
end
