/** Counters and timings behind `GET /metrics`; names and labels are public interface. */
export interface Metrics {
  count(
    name:
      | 'housecall_alerts_received_total'
      | 'housecall_jobs_total'
      | 'housecall_ssh_connects_total'
      | 'housecall_slack_calls_total'
      | 'housecall_slack_rate_limited_total'
      | 'housecall_approvals_total'
      | 'housecall_fixes_total'
      | 'housecall_archive_total',
    labels: Readonly<Record<string, string>>,
  ): void;
  observe(
    name: 'housecall_job_seconds' | 'housecall_ack_seconds',
    labels: Readonly<Record<string, string>>,
    seconds: number,
  ): void;
}
