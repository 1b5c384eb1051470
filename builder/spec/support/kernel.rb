# frozen_string_literal: true

require_relative "kernel_package"

# The package that is tested.
KERNEL = KernelPackage.from_environment(TREE)
