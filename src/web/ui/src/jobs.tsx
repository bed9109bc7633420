/* jobs.tsx - what the service is at, with progress as it happens, and what was run before */
import { useEffect, useState } from 'preact/hooks';
import { ask, Problem, seg, type Job, type Page, type Run } from './api';
import { addressOf, explain, mayEdit, refreshTargets, sayFailure, seller, target } from './state';
import { number, ours, t, told, toldResult, when } from './text';
import { Empty, Loading, Said, Trouble, useOnce } from './parts';
import { Workers } from './workers';

const underWay = (job: Job): boolean => job.state === 'under-way';

/* As recorded; what is under way, and may be taken up again, was left by a service that is gone. */
const stateOf = (run: Run): string => (run.state === 'under-way' && run.can_resume ? 'interrupted' : run.state);

const AGAIN_MS = 3000;

/* Follows every job that is under way; `ended` when one is over. `away`: why nothing is heard. */
function useJobs(ended: () => void): { jobs: Job[] | null; away: string; add: (job: Job) => void } {
  const [jobs, setJobs] = useState<Job[] | null>(null);
  const [away, setAway] = useState('');
  const [turn, setTurn] = useState(0); /* streams are opened once more */
  const put = (job: Job): void =>
    setJobs((all) => (all?.some((x) => x.id === job.id) ? all.map((x) => (x.id === job.id ? job : x)) : [job, ...(all ?? [])]));
  const open = (jobs ?? []).filter(underWay).map((x) => x.id).join(' ');
  /* A stream broke off. A job that the service does not know any more ended with the one before. */
  const look = async (id: string): Promise<void> => {
    try {
      const job = await ask<Job>(`jobs/${seg(id)}`);
      put(job);
      setAway('');
      if (!underWay(job)) ended();
    } catch (e) {
      const unknown = e instanceof Problem && e.status === 404;
      setAway(unknown ? '' : explain(e));
      if (!unknown) return;
      setJobs((all) => all && all.map((x) => (x.id === id ? { ...x, state: 'interrupted' } : x)));
      ended();
    }
  };

  useEffect(() => {
    ask<Page<Job>>('jobs').then((page) => {
      setJobs((all) => [...(all ?? []), ...page.items.filter((job) => !all?.some((x) => x.id === job.id))]); /* one may be begun by now */
      if (page.items.some((job) => !underWay(job))) ended(); /* it may have been over before it was looked at */
    }, sayFailure);
  }, []);
  useEffect(() => {
    let gone = false;
    let later = 0;
    const sources = open.split(' ').filter(Boolean).map((id) => {
      const source = new EventSource(`/api/v1/jobs/${seg(id)}/events`);
      source.addEventListener('progress', (e) => put(JSON.parse((e as MessageEvent<string>).data) as Job));
      source.addEventListener('done', (e) => {
        source.close();
        put(JSON.parse((e as MessageEvent<string>).data) as Job);
        ended();
      });
      source.addEventListener('open', () => setAway(''));
      source.addEventListener('error', () => {
        if (gone) return;
        void look(id).then(() => {
          if (gone || source.readyState !== EventSource.CLOSED) return; /* the browser tries again by itself */
          clearTimeout(later);
          later = setTimeout(() => setTurn((n) => n + 1), AGAIN_MS);
        });
      });
      return source;
    });
    return () => {
      gone = true;
      clearTimeout(later);
      sources.forEach((s) => s.close());
    };
  }, [open, turn]);
  return { jobs, away: open && away, add: put };
}

function Numbers({ counts }: { counts: Record<string, number | null> }) {
  const said = Object.entries(counts).filter(([, n]) => n);
  return <span class="numbers">{said.map(([name, n]) => <span key={name}>{told('count', name)} <strong>{number(n ?? 0)}</strong></span>)}</span>;
}

function JobView({ job }: { job: Job }) {
  const all = job.counts['products'] ?? job.counts['total'] ?? 0;
  const done = job.counts['done'] ?? 0;
  const stop = (): void => void ask(`jobs/${seg(job.id)}/stop`, { method: 'POST' }).catch(sayFailure);
  return (
    <li class="card job">
      <p>
        <strong>{told('kind', job.kind)}</strong> {job.target} · <span class={`state ${job.state}`}>{told('run', job.state)}</span>
        {' · '}<small>{job.who}, {when(job.began_at)}</small>
      </p>
      {underWay(job) && (all && done ? <progress max={all} value={done} aria-label={job.kind} /> : <progress aria-label={job.kind} />)}
      <p class="quiet">
        {underWay(job) && <Said text={ours(job.doing, 'doing')} />} {!underWay(job) && <Said text={toldResult(job.text)} />} <Numbers counts={job.counts} />
        {underWay(job) && job.per_second > 0 && ` · ${t('jobs.rate', { n: Math.round(job.per_second) })}`}
        {underWay(job) && job.seconds_left > 0 && ` · ${t('jobs.left', { n: job.seconds_left })}`}
      </p>
      {underWay(job) && mayEdit.value && <button onClick={stop}>{t('jobs.stop')}</button>}
    </li>
  );
}

function RunRow({ run, busy, resume }: { run: Run; busy: boolean; resume: (run: Run) => void }) {
  return (
    <tr>
      <td data-label={t('jobs.when')}>{when(run.started_at)}</td>
      <td data-label={t('jobs.what')}>{told('kind', run.kind)}{run.policy ? ` (${run.policy})` : ''}</td>
      <td data-label={t('jobs.state')}><span class={`state ${stateOf(run)}`}>{told('run', stateOf(run))}</span></td>
      <td data-label={t('jobs.result')}><span><Numbers counts={run.counts} />{run.text && <small> <Said text={toldResult(run.text)} /></small>}</span></td>
      <td>{run.can_resume && mayEdit.value && <button disabled={busy} onClick={() => resume(run)}>{t('jobs.resume')}</button>}</td>
    </tr>
  );
}

export function Jobs() {
  const [runs, setRuns] = useState<Run[] | null>(null);
  const [trouble, setTrouble] = useState('');
  const where = target.value;
  const reload = (): void => {
    void refreshTargets().catch(() => {});
    const asked = target.value;
    const ifStill = (then: () => void): void => (asked === target.value ? then() : undefined); /* nothing of one target under another's name */
    void ask<Page<Run>>('runs', { query: { target: asked, limit: 50 } })
      .then((p) => ifStill(() => { setRuns(p.items); setTrouble(''); }), (e: unknown) => ifStill(() => setTrouble(explain(e))));
  };
  const { jobs, away, add } = useJobs(reload);
  const { busy, once } = useOnce();
  useEffect(() => {
    setRuns(null);
    reload();
  }, [where]);

  const begin = (kind: 'sync' | 'map'): void =>
    once(() => ask<Job>('runs', { method: 'POST', body: { kind, target: where, ...(kind === 'map' && { seller: seller.value }) } }).then(add));
  const resume = (run: Run): void =>
    once(() => ask<Job>(`runs/${seg(run.id)}/resume`, { method: 'POST', body: {} }).then(add));

  return (
    <div class="sheet">
      <div class="row">
        <h1>{t('app.jobs')}</h1>
        {mayEdit.value && where && (
          <div class="actions">
            <button class="first" disabled={busy} onClick={() => begin('sync')}>{t('jobs.sync')}</button>
            <button class="first" disabled={busy} onClick={() => begin('map')}>{t('jobs.map')}</button>
          </div>
        )}
      </div>
      {away && <p class="wrong" role="alert">{away}</p>}
      {jobs?.length === 0 && <p class="quiet">{t(mayEdit.value && where ? 'jobs.none' : 'jobs.none-now')}</p>}
      <ul class="plain">{jobs?.map((job) => <JobView key={job.id} job={job} />)}</ul>
      <Workers />
      <h2>{t('jobs.runs')}</h2>
      {trouble && <Trouble what={trouble} again={reload} />}
      {!runs && !trouble && <Loading />}
      {runs?.length === 0 && <Empty><p>{t(where ? 'jobs.norun' : 'app.no-target')}</p>{!where && <a class="button first" href={addressOf('shops')}>{t('app.shops')}</a>}</Empty>}
      {!!runs?.length && (
        <div class="wide" tabIndex={0} role="region" aria-label={t('jobs.runs')}>
          <table class="stack">
            <thead><tr><th>{t('jobs.when')}</th><th>{t('jobs.what')}</th><th>{t('jobs.state')}</th><th>{t('jobs.result')}</th><td /></tr></thead>
            <tbody>{runs.map((run) => <RunRow key={run.id} run={run} busy={busy} resume={resume} />)}</tbody>
          </table>
        </div>
      )}
    </div>
  );
}
