/**
 * Settings of the embedded server: low latency and little memory on a machine that does other work too.
 * @param socketFolder where its Unix socket lies; empty for none
 * @param durable false only in tests: a crash of the machine would lose data
 */
export function serverSettings(port: number, socketFolder: string, durable: boolean): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    // Seven processes of a laptop's Kafka set-up share one server; an idle slot costs next to nothing.
    max_connections: '120',
    shared_buffers: '96MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    effective_cache_size: '1GB',
    // The queries are short: planning for parallel workers, compiling and I/O worker processes cost more than they give.
    jit: 'off',
    max_parallel_workers_per_gather: '0',
    max_worker_processes: '4',
    io_method: 'sync',
    random_page_cost: '1.1',
    fsync: durable ? 'on' : 'off',
    // Also where a crash of the machine may lose data, one of the server must not.
    synchronous_commit: 'on',
    full_page_writes: durable ? 'on' : 'off',
    wal_compression: 'off',
    max_wal_size: '512MB',
    checkpoint_timeout: '10min',
    checkpoint_completion_target: '0.9',
    autovacuum_naptime: '20s',
    autovacuum_max_workers: '2',
    autovacuum_vacuum_scale_factor: '0.1',
    tcp_keepalives_idle: '30',
    // Neither statements nor rows of failed statements: they hold what customers wrote.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
}
