/** The internal note by which an order edit of ours is known. */
export const editMark = 'wharf';
