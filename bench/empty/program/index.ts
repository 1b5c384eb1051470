import { ComponentResource, Config, CustomResource } from "@pulumi/pulumi";

class Empty extends CustomResource {
  constructor(name: string, text: string, parent: ComponentResource) {
    super("empty:index:Empty", name, { text }, { parent, version: "0.0.1" });
  }
}

const config = new Config();
const components = config.requireNumber("components");
const custom = config.requireNumber("custom");

// As many in each component as the pipeline has on average.
for (let index = 0; index < components; index += 1) {
  const parent = new ComponentResource("empty:index:Component", `component-${index}`);
  for (let child = index; child < custom; child += components) {
    new Empty(`empty-${child}`, `resource ${child}`, parent);
  }
}
