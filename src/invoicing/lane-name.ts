/** The lane that numbers invoices; one of the deployment's. */
export const invoicingLane = 'invoicing';
