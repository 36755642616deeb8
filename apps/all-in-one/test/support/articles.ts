import type { Article } from '@clawdesk/client';

/** A small shop's help articles; both tenants of the tests hold the same ones. */
export const articles: readonly Article[] = [
  {
    id: 'reset-password',
    title: 'Resetting your password',
    body: 'Open the sign-in page and choose "Forgot password". We send a reset link to your e-mail address. The reset link is valid for 30 minutes. After that you have to ask for a new one.',
    url: 'https://help.example/reset-password',
  },
  {
    id: 'return-goods',
    title: 'Returning goods',
    body: 'You can return unused goods within 14 days of delivery. Print the return label from your order page and hand the parcel in at any post office. The refund arrives within five working days after the parcel has reached us.',
  },
  {
    id: 'shipping-cost',
    title: 'What shipping costs',
    body: 'Shipping is free for orders above 50 euros. Below that, standard shipping costs 4.90 euros and express shipping 9.90 euros.',
  },
  {
    id: 'change-address',
    title: 'Changing the delivery address of an order',
    body: 'As long as an order has not been shipped, you can change its delivery address on the order page under "Delivery". Once the parcel is on its way the carrier can redirect it for you.',
  },
  {
    id: 'invoices',
    title: 'Downloading an invoice',
    body: 'Every invoice is a PDF document under "My account", "Invoices". Company customers find the VAT number printed below the billing address.',
  },
  {
    id: 'delete-account',
    title: 'Deleting your account',
    body: 'Choose "My account", "Privacy", "Delete account" and confirm with your password. All personal data are erased after 30 days, except for invoices, which the law makes us keep.',
  },
  {
    id: 'gift-cards',
    title: 'Redeeming gift cards',
    body: 'Enter the code of the gift card in the last step of the checkout. A gift card may be used several times until its balance is zero, and it never expires.',
  },
  {
    id: 'warranty',
    title: 'Warranty and repairs',
    body: 'All electric devices come with a warranty of two years. Describe the defect in the repair form and attach a photo of the serial number; the workshop answers with a shipping label.',
  },
];
