# The tree's own programs must run: natively, or by the kernel's binfmt_misc with a QEMU that it holds open (flag F).

require_emulation() {
  arch-test "$1" >/dev/null 2>&1 ||
    wrong "this machine: found no way to run $1 programs, expected binfmt_misc with QEMU: apt install qemu-user-static binfmt-support (Debian)"
}
