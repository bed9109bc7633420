/* columns.ts - the first rows of a seller's file, read in the browser so that a person can say
 * which column is what; the file itself is read by the service. */

export interface Head {
  columns: string[];
  rows: string[][];
}

const LOOK = 64 * 1024;
const separators = [',', ';', '\t', '|'];

/* Rows of CSV: quotes may hold separators, line ends and doubled quotes. */
export function readRows(text: string, separator: string, most: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = (): void => { row.push(cell); cell = ''; };
  const endRow = (): void => { endCell(); if (row.some((c) => c.trim())) rows.push(row); row = []; };
  for (let i = 0; i < text.length && rows.length < most; i++) {
    const c = text[i];
    if (quoted && c === '"' && text[i + 1] === '"') cell += text[++i];
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === separator) endCell();
    else if (!quoted && c === '\n') endRow();
    else if (c !== '\r' || quoted) cell += c;
  }
  if (rows.length < most && (cell || row.length)) endRow();
  return rows;
}

/* The separator that cuts the first line into most columns. */
function separatorOf(text: string): string {
  const line = text.slice(0, (text.indexOf('\n') + 1 || text.length + 1) - 1);
  return separators.reduce((best, s) => (line.split(s).length > line.split(best).length ? s : best), ',');
}

/* null: no table (JSON Lines, or nothing a browser can show); the service knows its fields. */
export async function readHead(file: Blob): Promise<Head | null> {
  const text = (await file.slice(0, LOOK).text()).replace(/^\uFEFF/, '');
  if (/^\s*[{[]/.test(text) || text.includes('\u0000')) return null;
  const [columns, ...rows] = readRows(text, separatorOf(text), 4);
  return columns ? { columns: columns.map((c) => c.trim()), rows } : null;
}

/* As the service reads it: "title=Judul,category=Kategori", a comma within behind a backslash. */
export function mapOf(chosen: Record<string, string>): string {
  return Object.entries(chosen).filter(([, column]) => column)
    .map(([field, column]) => `${field}=${column.replace(/[\\,]/g, '\\$&')}`).join(',');
}
