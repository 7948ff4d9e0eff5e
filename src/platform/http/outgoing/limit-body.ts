import { Fault } from '../../../kernel/index.ts';

/** The same answer with a body that fails with Fault `outgoing.too_large` once it has given more than `bodyBytesMax`. */
export function limitBody(response: Response, bodyBytesMax: number, toFault: (error: unknown) => unknown): Response {
  const { body, status, statusText, headers, url } = response;
  if (body === null) return response;
  const reader = body.getReader();
  let size = 0;
  const limited = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        size += value.byteLength;
        if (size > bodyBytesMax) {
          const fault = new Fault('too_large', 'outgoing.too_large', { message: `longer than ${bodyBytesMax} bytes` });
          controller.error(fault);
          await reader.cancel(fault);
          return;
        }
        controller.enqueue(value);
      } catch (error) {
        controller.error(toFault(error));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const copy = new Response(limited, { status, statusText, headers });
  Object.defineProperty(copy, 'url', { value: url });
  return copy;
}
