/** Lets style attributes carry custom properties: positions and sizes that CSS computes with. */
import "react";

declare module "react" {
  interface CSSProperties {
    [name: `--${string}`]: string | number | undefined;
  }
}
