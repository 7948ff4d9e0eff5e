/**
 * Runs until SIGINT or SIGTERM, then closes. A second signal ends the process at once: the database survives that, and the
 * next start takes over what was left running.
 */
export function untilSignal(close: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let closing = false;
    const onSignal = (): void => {
      if (closing) process.exit(130);
      closing = true;
      console.error('\nStopping … (again to stop at once)');
      close().then(resolve, reject);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}
