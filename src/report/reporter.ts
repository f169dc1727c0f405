import type { Report } from '../lint/finding.ts';

export interface Painting {
  /** Whether the output is a terminal that shows colours. */
  readonly color: boolean;
  /** The version of this program. */
  readonly version: string;
}
/** One way to show a report: a file of this folder that exports one is all that adding a format takes. */
export interface Reporter {
  readonly id: string;
  /** What it is for, in a few words. */
  readonly title: string;
  /** Whether it shows how findings would be repaired: whoever renders it asks for that first. */
  readonly fixes?: true;
  render(report: Report, painting: Painting): string;
  /** Markdown for the page of a pipeline's run: appended to the file that this variable names, where it is set. */
  readonly summary?: { readonly variable: string; render(report: Report): string };
}
