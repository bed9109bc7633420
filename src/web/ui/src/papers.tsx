/* papers.tsx - what goes along with a listing: images, a video, a size chart, certificates, each
 * with its findings; as columns of the product name them (docs/guide/listing.md) */
import type { Finding, RequiredCertificate, Requirement } from './api';
import { Document, UploadButton, worst } from './fields';
import { t } from './text';
import { Findings } from './parts';
import { fold } from './variants';

export type Values = Record<string, string>;

interface Paper {
  values: Values;
  seller: string;
  may: boolean;
  onValue: (column: string, value: string) => void;
}

const documents = 'application/pdf,image/png,image/jpeg,image/webp';
const images = 'image/png,image/jpeg,image/webp';
const locationsIn = (cell: string): string[] => cell.split(/[|\n]/).map((s) => s.trim()).filter(Boolean);

const columnAmong = (values: Values, words: string[], otherwise: string): string =>
  Object.keys(values).find((name) => words.includes(fold(name)) && values[name]) ?? otherwise;

/* ---- further images ---- */

const MOST_IMAGES = 9; /* the main one among them */

export const isOfImages = (f: Finding): boolean => f.path.startsWith('main_images');

/* Those behind the main one, which stands with the title. */
export function FurtherImages({ list, seller, may, findings, onList }: { list: string[]; seller: string; may: boolean; findings: Finding[]; onList: (list: string[]) => void }) {
  return (
    <fieldset class={`field paper whole ${worst(findings)}`} data-paper="images">
      <legend>{t('paper.images')}</legend>
      <div class="papers">
        {list.map((at, i) => <Document key={at} location={at} onRemove={may ? () => onList(list.filter((_, k) => k !== i)) : undefined} />)}
        {may && list.length < MOST_IMAGES - 1 && <UploadButton label={t('paper.image')} seller={seller} accept={images} onFile={(f) => onList([...list, f.location])} />}
      </div>
      <small>{t('paper.images-hint')}</small>
      <Findings of={findings} />
    </fieldset>
  );
}

/* ---- video ---- */

const VIDEO = 'Video';
const videoWords = ['video', 'product video'];

export const isOfVideo = (f: Finding): boolean => f.path === 'video' || f.path.startsWith('video.');

export const hasVideo = (values: Values): boolean => !!values[columnAmong(values, videoWords, VIDEO)];

export function Video({ values, seller, may, onValue, findings }: Paper & { findings: Finding[] }) {
  const column = columnAmong(values, videoWords, VIDEO);
  const at = values[column] ?? '';
  const kept = at.startsWith('object:');
  return (
    <fieldset class={`field paper whole ${worst(findings)}`} data-paper="video">
      <legend>{t('paper.video')}</legend>
      <div class="papers">
        {kept && <Document location={at} sign="▶" onRemove={may ? () => onValue(column, '') : undefined} />}
        {may && <UploadButton label={t(at ? 'paper.other-video' : 'paper.upload-video')} seller={seller} accept="video/*" onFile={(f) => onValue(column, f.location)} />}
        {!kept && (
          <label class="inline">
            {t('paper.video-at')}
            <input name={VIDEO} type="url" value={at} placeholder="https://" readOnly={!may} onInput={(e) => onValue(column, e.currentTarget.value)} />
          </label>
        )}
      </div>
      <small>{t('paper.video-hint')}</small>
      <Findings of={findings} />
    </fieldset>
  );
}

/* ---- size chart ---- */

const CHART = 'Size chart';
const TEMPLATE = 'Size chart template';
const chartWords = ['size chart', 'size chart image', 'tabel ukuran', 'panduan ukuran'];
const templateWords = ['size chart template', 'template tabel ukuran'];

export const isOfSizeChart = (f: Finding): boolean => f.path.startsWith('size_chart');

export function hasSizeChart(values: Values): boolean {
  return !!(values[columnAmong(values, chartWords, CHART)] || values[columnAmong(values, templateWords, TEMPLATE)]);
}

export function SizeChart({ values, seller, may, onValue, required, findings }: Paper & { required: boolean; findings: Finding[] }) {
  const chart = columnAmong(values, chartWords, CHART);
  const template = columnAmong(values, templateWords, TEMPLATE);
  return (
    <fieldset class={`field paper whole ${worst(findings)}`} data-paper="size-chart">
      <legend>{t('paper.size-chart')}{required && <abbr title={t('list.required')}> *</abbr>}</legend>
      <div class="papers">
        {values[chart] && <Document location={values[chart] ?? ''} onRemove={may ? () => onValue(chart, '') : undefined} />}
        {may && <UploadButton label={t(values[chart] ? 'paper.other-image' : 'paper.image')} seller={seller} accept={images} onFile={(f) => onValue(chart, f.location)} />}
        <label class="inline">
          {t('paper.template')}
          <input name={TEMPLATE} value={values[template] ?? ''} inputMode="numeric" readOnly={!may} onInput={(e) => onValue(template, e.currentTarget.value)} />
        </label>
      </div>
      <small>{t('paper.size-chart-hint')}</small>
      <Findings of={findings} />
    </fieldset>
  );
}

/* ---- certificates ---- */

/* "SNI Certificate" is the column "Certificate SNI". */
function shortName(of: RequiredCertificate): string {
  return of.name.replace(/\s+certificate$/i, '').replace(/^(certificate|sertifikat)\s+/i, '').trim() || of.id;
}

function isColumnOf(of: RequiredCertificate, column: string): boolean {
  const word = /^(?:certificate|sertifikat) (.+)$/.exec(fold(column))?.[1];
  return word === of.id || (!!word && (word === fold(of.name) || word === fold(shortName(of))));
}

const expiry = / (expires|berlaku sampai)$/;

export function certificateColumn(of: RequiredCertificate, values: Values): string {
  return Object.keys(values).find((c) => !expiry.test(fold(c)) && isColumnOf(of, c)) ?? `Certificate ${shortName(of)}`;
}

function expiryColumn(of: RequiredCertificate, values: Values): string {
  return Object.keys(values).find((c) => expiry.test(fold(c)) && isColumnOf(of, c.replace(/ (expires|berlaku sampai)$/i, ''))) ??
    `${certificateColumn(of, values)} expires`;
}

/* By its name, or by its place among those that were sent: the order of their columns. */
export function isAboutCertificate(f: Finding, of: RequiredCertificate, need: Requirement, values: Values): boolean {
  if (!/^certificat/.test(f.path)) return false;
  if (f.about) return f.about.id === of.id;
  const at = /^certifications\[(\d+)\]/.exec(f.path);
  if (!at) return [f.what, f.fix, f.found, f.path].some((s) => s?.includes(`(${of.id})`) || s?.includes(of.name) || fold(s ?? '') === `certificate ${fold(shortName(of))}`);
  const sent = Object.keys(values).filter((c) => values[c] && !expiry.test(fold(c)))
    .map((c) => need.rules?.certificates.find((k) => isColumnOf(k, c)))
    .filter((c, i, all) => c && all.indexOf(c) === i);
  return sent[Number(at[1])]?.id === of.id;
}

interface CertificateProps extends Paper {
  of: RequiredCertificate;
  required: boolean;
  why?: string;
  findings: Finding[];
}

export function Certificate({ of, values, seller, may, onValue, required, why, findings }: CertificateProps) {
  const column = certificateColumn(of, values);
  const until = expiryColumn(of, values);
  const all = locationsIn(values[column] ?? '');
  const set = (list: string[]): void => onValue(column, list.join('|'));
  return (
    <fieldset class={`field paper whole ${worst(findings)}`} data-paper={of.id}>
      <legend>{of.name}{required && <abbr title={t('list.required')}> *</abbr>}</legend>
      {why && <small class="why">{why}</small>}
      <div class="papers">
        {all.map((at, i) => <Document key={at} location={at} onRemove={may ? () => set(all.filter((_, k) => k !== i)) : undefined} />)}
        {may && <UploadButton label={t(all.length ? 'paper.more' : 'paper.document')} seller={seller} accept={documents} onFile={(f) => set([...all, f.location])} />}
        {(of.expiration_required || values[until]) && (
          <label class="inline">
            <span>{t('paper.until')}{of.expiration_required && <abbr title={t('list.required')}> *</abbr>}</span>
            <input type="date" value={values[until] ?? ''} readOnly={!may} onInput={(e) => onValue(until, e.currentTarget.value)} />
          </label>
        )}
      </div>
      {of.details && <small>{of.details}</small>}
      <Findings of={findings} />
    </fieldset>
  );
}
