import { ComponentResource, Config, CustomResource } from "@pulumi/pulumi";

class Empty extends CustomResource {
  constructor(name: string, text: string, parent: ComponentResource) {
    super("empty:index:Empty", name, { text }, { parent, version: "0.0.1" });
  }
}

const config = new Config();
const total = config.requireNumber("resources");
/** As many in a component as the pipeline has on average. */
const PER_COMPONENT = 4;

for (let first = 0; first < total; first += PER_COMPONENT) {
  const parent = new ComponentResource("empty:index:Component", `component-${first}`);
  for (let index = first; index < Math.min(first + PER_COMPONENT, total); index += 1) {
    new Empty(`empty-${index}`, `resource ${index}`, parent);
  }
}
