import type { ComponentChildren } from 'preact';

/** Title of a view, which can take the focus when the view is shown. */
export function ViewTitle({ children }: { readonly children: ComponentChildren }) {
  return <h1 tabIndex={-1}>{children}</h1>;
}
