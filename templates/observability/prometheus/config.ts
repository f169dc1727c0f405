import type { IntentOf, SystemSpec } from '../../../src/plan/template.ts';

type Alert = IntentOf<'alert'>;

/** A scrape job for each process, by its name; its replicas are found by DNS. */
export function config(system: SystemSpec): object {
  return {
    global: { scrape_interval: '15s', scrape_timeout: '10s', evaluation_interval: '15s' },
    rule_files: ['rules/*.yml'],
    scrape_configs: system.all('process').flatMap(({ deployable, ports: { ops } }) =>
      ops === undefined
        ? []
        : [
            {
              job_name: deployable,
              authorization: { type: 'Bearer', credentials_file: '/run/secrets/ops-token' },
              dns_sd_configs: [{ names: [deployable], type: 'A', port: ops, refresh_interval: '15s' }],
            },
          ],
    ),
  };
}

/** Records come before the alerts that read them, in one group each. */
export function rules(system: SystemSpec): object {
  return {
    groups: [
      { name: 'records', rules: system.all('record').map(({ name, expr }) => ({ record: name, expr })) },
      { name: 'alerts', rules: system.all('alert').map(alertRule) },
    ].filter((group) => group.rules.length > 0),
  };
}

const alertRule = ({ name, expr, for: patience, severity, summary }: Alert) => ({
  alert: name,
  expr,
  for: patience,
  labels: { severity },
  annotations: { summary },
});

/** Unit tests of the alerts: the samples that fire each, and the samples that do not. */
export function proofs(system: SystemSpec): object {
  return {
    rule_files: ['rules/system.yml'],
    evaluation_interval: '1m',
    group_eval_order: ['records', 'alerts'],
    tests: system
      .all('alert')
      .flatMap((alert) =>
        alert.proof
          ? [
              proof(`${alert.name} fires`, alert, alert.proof.fires, alert.proof.after, [expected(alert)]),
              proof(`${alert.name} stays silent`, alert, alert.proof.silent, alert.proof.after, []),
            ]
          : [],
      ),
  };
}

const proof = (
  name: string,
  alert: Alert,
  samples: Readonly<Record<string, string>>,
  after: number,
  fired: readonly object[],
) => ({
  name,
  interval: '1m',
  input_series: Object.entries(samples).map(([series, values]) => ({ series, values })),
  alert_rule_test: [{ eval_time: `${after}m`, alertname: alert.name, exp_alerts: fired }],
});

const expected = ({ severity, summary, proof: given }: Alert) => ({
  exp_labels: { severity, ...given?.labels },
  exp_annotations: { summary },
});
