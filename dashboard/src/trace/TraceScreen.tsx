export default function TraceScreen({ traceId }: { traceId: string }) {
  return <main id="main">{traceId}</main>;
}
